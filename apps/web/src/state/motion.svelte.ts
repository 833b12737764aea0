const query = matchMedia('(prefers-reduced-motion: reduce)');
let reduced = $state(query.matches);
query.addEventListener('change', () => {
  reduced = query.matches;
});

/** Whether this person wants things to keep still. */
export const motion = {
  get reduced(): boolean {
    return reduced;
  },
};
