import { signal } from '@preact/signals';
import type { ComponentType, VNode } from 'preact';

const AGAIN_MS = 5000;

/**
 * A part of a page whose code is loaded when the part is first shown, so that a page without it does not pay for it. `renderWait` is shown
 * meanwhile. Loading is repeated while the server does not answer.
 */
export function lazyPart<P extends object>(load: () => Promise<ComponentType<P>>, renderWait: () => VNode) {
  const loaded = signal<{ Part: ComponentType<P> } | null>(null);
  let isLoading = false;

  async function loadOnce(): Promise<void> {
    if (isLoading) return;
    isLoading = true;
    while (loaded.value === null) {
      loaded.value = await load().then(
        (Part) => ({ Part }),
        () => null,
      );
      if (loaded.value === null) await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }

  return (props: P): VNode => {
    const code = loaded.value;
    if (code) return <code.Part {...props} />;
    void loadOnce();
    return renderWait();
  };
}
