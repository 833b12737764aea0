type Seen = (visible: boolean) => void;

const watched = new WeakMap<Element, Seen>();
let observer: IntersectionObserver | undefined;

/**
 * Tells when an element comes onto the screen and when it leaves it: one observer for all of them.
 * @returns ends it
 */
export function whileSeen(element: Element, seen: Seen): () => void {
  observer ??= new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) watched.get(target)?.(isIntersecting);
  });
  watched.set(element, seen);
  observer.observe(element);
  return () => {
    watched.delete(element);
    observer?.unobserve(element);
  };
}
