/** Someone or something that a text may name. */
export interface Named {
  readonly id: string;
  readonly name: string;
}

/** Names that may follow a sign: people behind `@`, rooms behind `#`. */
export interface Names {
  /** The longest of them that stands at this place of the text. */
  at(text: string, index: number): Named | null;
}

export const noNames: Names = { at: () => null };

const latin = /[\p{Script=Latin}\p{N}_]/u;
const hangul = /\p{Script=Hangul}/u;
/** What Korean hangs on a name, up to the end of the word: 님, and particles. */
const particles =
  /^(?:님|씨|군|양)?(?:들)?(?:이?[가은는랑야며]?|[을를와과도만의에아로께]|한테|에게|이?라[고는며]?|이?나|보다|처럼|같이|부터|까지|마다|조차|밖에|으로|께서|에게서|한테서|이에요|예요|이요|요|이죠|죠|입니다)(?:[는은도만요])?(?!\p{Script=Hangul})/u;

/**
 * A name's end is a boundary only among letters of its own kind: `@Min` is not in `@Mina`, but `@민아` is in `@민아가`.
 * @param strict behind a Korean name only particles may follow: for texts in which nobody said whom they mean
 */
function endsAt(text: string, index: number, name: string, strict: boolean): boolean {
  const next = text.slice(index, index + 2);
  const last = name.at(-1) ?? '';
  if (latin.test(last) && latin.test(next.charAt(0))) return false;
  return !strict || !hangul.test(last) || !hangul.test(next) || particles.test(text.slice(index, index + 12));
}

/** Of two that are called the same, neither is meant: it can't be told which. */
export function namesOf(all: Iterable<Named>, how: { readonly strict?: boolean } = {}): Names {
  const byName = new Map<string, Named | null>();
  for (const one of all) {
    const same = byName.get(one.name);
    byName.set(one.name, same === undefined || same?.id === one.id ? one : null);
  }
  byName.delete('');
  const lengths = [...new Set(Array.from(byName.keys(), (name) => name.length))].sort((a, b) => b - a);
  if (lengths.length === 0) return noNames;
  return {
    at(text, index) {
      for (const length of lengths) {
        const found = byName.get(text.slice(index, index + length));
        if (found && endsAt(text, index + length, found.name, how.strict === true)) return found;
      }
      return null;
    },
  };
}
