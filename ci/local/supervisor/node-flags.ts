/**
 * The flags of Node for all processes that serve; compose.yaml and ci/ops/k8s have the same. V8 lets its heap grow less the lower the limit is:
 * docs/performance.md, "Memory". The limit is far above what is live, since a process that reaches it ends.
 */
export const NODE_FLAGS = ['--max-old-space-size=384'];
