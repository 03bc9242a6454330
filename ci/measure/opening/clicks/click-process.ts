import { type ClickPlan, sendClicks } from './send-clicks.ts';

// The process that clicks. It lives as long as a bench, so that its own code is warm; it ends with its parent.

process.on('message', (plan: ClickPlan) => void sendClicks(plan).then((times) => process.send?.(times)));
process.on('disconnect', () => process.exit());
