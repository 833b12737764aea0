/** So many rooms that one was in are remembered. */
const most = 50;
const key = 'suda.recent';

let visited: readonly string[] = remembered();

function remembered(): readonly string[] {
  try {
    const list: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(list) ? list.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

/** One is in this room now. */
export function visit(room: string): void {
  visited = [room, ...visited.filter((id) => id !== room)].slice(0, most);
  try {
    localStorage.setItem(key, JSON.stringify(visited));
  } catch {
    // Then the order begins anew with the next page.
  }
}

/** The rooms that one was in, the latest first. */
export const visits = (): readonly string[] => visited;
