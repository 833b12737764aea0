import { dayOf } from '../lib/days.ts';

let looking = $state(isLooking());
let now = $state(Date.now());
let midnight: ReturnType<typeof setTimeout> | undefined;

function isLooking(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus();
}

function look(): void {
  looking = isLooking();
  now = Date.now();
  clearTimeout(midnight);
  // A sleeping machine stops its timers: looking again also sets the day right.
  midnight = setTimeout(look, Math.min(dayOf(now).end - now + 50, 0x7fffffff));
}

for (const event of ['focus', 'blur', 'pageshow'] as const) addEventListener(event, look);
document.addEventListener('visibilitychange', look);
look();

/** Whether the person looks at this page, and on which day. */
export const presence = {
  get looking(): boolean {
    return looking;
  },
  /** Changes when the day does, not with the clock. */
  get today(): number {
    return now;
  },
};

/** Whether this device types on glass: then Enter breaks the line, and a button sends. */
export const touchKeyboard = matchMedia('(hover: none) and (pointer: coarse)').matches;
