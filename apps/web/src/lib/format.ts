import type { Language, Words } from '../i18n/index.ts';
import { nearness } from './days.ts';

/** Dates and times as a language says them, in the viewer's time zone. */
export interface Format {
  /** `오후 3:24` */
  clock(at: number): string;
  /** To the second, with the date. */
  exact(at: number): string;
  /** The line where a day begins. */
  day(at: number, now: number): string;
  /** For the room list: the time today, the date before. */
  brief(at: number, now: number): string;
}

export function formatFor(language: Language, words: Pick<Words, 'today' | 'yesterday'>): Format {
  const clock = new Intl.DateTimeFormat(language, { hour: 'numeric', minute: '2-digit' });
  const exact = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' });
  const day = new Intl.DateTimeFormat(language, { month: 'long', day: 'numeric', weekday: 'long' });
  const dayOfYear = new Intl.DateTimeFormat(language, { year: 'numeric', month: 'long', day: 'numeric', weekday: 'long' });
  const brief = new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric' });
  const briefOfYear = new Intl.DateTimeFormat(language, { year: '2-digit', month: 'numeric', day: 'numeric' });
  const sameYear = (a: number, b: number) => new Date(a).getFullYear() === new Date(b).getFullYear();
  return {
    clock: (at) => clock.format(at),
    exact: (at) => exact.format(at),
    day(at, now) {
      const near = nearness(at, now);
      const date = (sameYear(at, now) ? day : dayOfYear).format(at);
      return near === 'today' ? `${words.today} · ${date}` : near === 'yesterday' ? `${words.yesterday} · ${date}` : date;
    },
    brief(at, now) {
      const near = nearness(at, now);
      if (near === 'today') return clock.format(at);
      if (near === 'yesterday') return words.yesterday;
      return (sameYear(at, now) ? brief : briefOfYear).format(at);
    },
  };
}
