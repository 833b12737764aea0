import { gif, gifNames, lamp, mountain, trail } from './scenery.ts';
import { type Person, World } from './world.ts';

/** `long`: Korean whose every name, title and word is as long as it may be. */
export type Tongue = 'ko' | 'en' | 'long';

/** When the pictures are taken: a Thursday afternoon in Seoul. */
export const now = '2026-05-14T14:24:00+09:00';
const today = (clock: string) => `2026-05-14T${clock}:00+09:00`;
const yesterday = (clock: string) => `2026-05-13T${clock}:00+09:00`;

const korean = {
  people: ['미나', '지훈', '소라', '하준', '은지', '도윤'],
  hike: '주말 산행',
  books: '책 읽는 수요일',
  lunch: '점심 뭐 먹지',
  garden: '옥상 텃밭',
  desk: '운영 회의',
  home: '우리 집 서버',
  found: '오늘',
  talk: {
    plan: '토요일 북한산 어때요? 비 소식은 없대요.',
    yes: '좋아요! 오랜만에 백운대까지 가 볼까요?',
    knee: '저는 무릎이 좀… 둘레길 코스도 같이 올려 주세요 🙏',
    map: '그럼 갈림길에서 나눠 가요. 점심은 다 같이 먹고요.',
    dawn: '지난번 새벽에 찍은 거예요. 이걸 한 번 더 보고 싶어서요.',
    wow: '와 이건 진짜',
    heart: '😍😍',
    time: '7시 반 우이역 2번 출구, 괜찮으세요?',
    early: '일찍이지만… 가 볼게요!',
    train: '첫차 시간표 확인해서 오늘 밤에 올릴게요. 김밥은 제가 주문할게요.',
    thanks: '고마워요. 저는 귤이랑 따뜻한 차 챙길게요 🍊',
    question: '혹시 등산 스틱 남는 분 있어요?',
    spare: '저 하나 더 있어요. 가져갈게요.',
  },
  lobby: ['다들 안녕하세요! 새로 왔어요.', '어서 오세요. 편하게 이야기해요.', '산행 방에 이번 주 계획 있으니 놀러 오세요.'],
  lunchTalk: ['오늘은 칼국수 어때요', '전 비빔밥에 한 표', '12시 10분에 1층에서 봐요'],
  bookTalk: ['3장까지 읽었어요. 마지막 문장이 자꾸 생각나네요.', '다음 주에는 제가 발제할게요.'],
  gardenTalk: ['상추 싹이 났어요 🌱'],
  deskTalk: ['5월 정산 올렸어요. 확인 부탁드려요.'],
  direct: ['내일 회의자료 잠깐 봐 줄 수 있어요?', '그럼요, 저녁에 볼게요.'],
  second: ['책 돌려드리려고요. 금요일에 오세요?'],
  homeTalk: {
    steps:
      '거실에 있는 작은 컴퓨터에 올려 봤어요. 순서는 이래요.\n1. **Node**가 있는지 보기\n2. `npm start`\n3. 초대 QR을 현관에 붙이기\n\n> 기록은 모두 `data` 폴더 하나에 남아요.',
    code: "저는 현관 불을 이어 봤어요.\n```js\n// 누가 들어온다고 하면 불을 켜요\nconst talk = new EventSource('/v1/events?room=home');\ntalk.onmessage = ({ data }) => {\n  const { sender, text } = JSON.parse(data);\n  if (text.includes('다녀왔어요')) lamp.on(sender.name);\n};\n```",
    nice: '오, 이거 좋네요 👏 ~~주말에~~ 오늘 밤에 *바로* 따라 해 볼게요.',
    link: '불은 이 글을 보고 골랐어요. https://lamp.example/small-lights',
    title: '작은 불 하나로 집이 달라지는 이유',
    description: '현관에 켜 둔 불은 누군가 기다린다는 뜻이에요. 전구 하나와 선 두 줄로 만드는 법.',
    site: '작은 불 연구소',
  },
} as const;

/** The same lines in other words. */
type Wide<T> = T extends string ? string : { readonly [K in keyof T]: Wide<T[K]> };
type Lines = Wide<typeof korean>;

const english: Lines = {
  people: ['Mina', 'Jihun', 'Sora', 'Theo', 'Noor', 'Dana'],
  hike: 'Weekend hike',
  books: 'Wednesday readers',
  lunch: 'What’s for lunch',
  garden: 'Rooftop garden',
  desk: 'Committee',
  home: 'Home server',
  found: 'tonight',
  talk: {
    plan: 'How about Bukhansan on Saturday? No rain in sight.',
    yes: 'Yes! It’s been ages. Shall we go all the way up?',
    knee: 'My knee isn’t what it was … could you post the valley trail too? 🙏',
    map: 'Then we part ways at the fork, and all have lunch together.',
    dawn: 'From our last dawn up there. I’d love to see that once more.',
    wow: 'Oh, this one',
    heart: '😍😍',
    time: 'Half past seven, exit 2 of Ui station. Does that work for everyone?',
    early: 'Early, but … I’ll be there!',
    train: 'I’ll look up the first train and post it tonight. Rice rolls are on me.',
    thanks: 'Thank you. I’ll bring tangerines and hot tea 🍊',
    question: 'Does anyone have a spare pair of poles?',
    spare: 'I have one more. I’ll bring it.',
  },
  lobby: ['Hello everyone! I’m new here.', 'Welcome. Make yourself at home.', 'This week’s plan is in the hike room, do come.'],
  lunchTalk: ['Noodle soup today?', 'One vote for bibimbap', 'Ground floor, ten past twelve'],
  bookTalk: ['I’m through chapter three. That last sentence stays with me.', 'I’ll open the discussion next week.'],
  gardenTalk: ['The lettuce is sprouting 🌱'],
  deskTalk: ['May’s accounts are up. Please have a look.'],
  direct: ['Could you glance over tomorrow’s slides?', 'Of course, this evening.'],
  second: ['I have your book. Are you in on Friday?'],
  homeTalk: {
    steps:
      'It runs on the little computer in our living room now. All it took:\n1. see that **Node** is there\n2. `npm start`\n3. put the QR code up at the door\n\n> Everything that was said is in one folder, `data`.',
    code: "I’ve tied it to the lamp in the hall.\n```js\n// Light for whoever says they are coming\nconst talk = new EventSource('/v1/events?room=home');\ntalk.onmessage = ({ data }) => {\n  const { sender, text } = JSON.parse(data);\n  if (text.includes('on my way')) lamp.on(sender.name);\n};\n```",
    nice: 'oh, I like that 👏 I’ll try it ~~at the weekend~~ *tonight*.',
    link: 'I chose the lamp after reading this: https://lamp.example/small-lights',
    title: 'Why one small light changes a home',
    description: 'A lamp left on in the hall says that someone is waiting. One bulb, two wires, and how to join them.',
    site: 'Small Lights',
  },
};

/** As long as the limits let them be: 40 signs of a name, 80 of a title, words without a place to break. */
const long: Lines = {
  ...korean,
  people: [
    '아주아주긴이름을가진사람미나입니다아주아주긴이름을가진사람미나입니다사십자예요',
    'Wolfeschlegelsteinhausenbergerdorffsmith',
    '소라',
    '이름에 띄어쓰기가 아주 많이 들어 있는 하준이라는 사람의 이름이에요',
    '은지은지은지은지은지은지은지은지은지은지은지은지은지은지은지은지은지은지은지은지',
    'Maximiliane-Charlotte Pneumonoultramicro',
  ],
  hike: '이번 주말 산행을 어디로 갈지 다 같이 정하는 방이고 제목이 아주아주 길어서 예순 자가 넘어갑니다',
  books: 'Supercalifragilisticexpialidociousantidisestablishmentarianismfloccinaucinihilip',
  lunch: '점심점심점심점심점심점심점심점심점심점심점심점심점심점심점심점심점심점심점심점심점심점심점심점심점심점심점심점심점심점심',
  talk: {
    ...korean.talk,
    plan: 'https://example.org/a/very/long/address/that/goes/on/and/on/without/a/single/space/until/it/no/longer/fits/anywhere?at=all',
    yes: '가나다라마바사아자차카타파하'.repeat(12),
    knee: 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft '.repeat(2),
  },
};

const lines: Readonly<Record<Tongue, Lines>> = { ko: korean, en: english, long };

export interface Story {
  readonly world: World;
  /** Another server, at which someone has just arrived, the first of all. */
  readonly empty: { readonly world: World; readonly me: Person };
  /** Whose eyes we see with. */
  readonly me: Person;
  readonly rooms: {
    readonly hike: string;
    readonly lobby: string;
    readonly desk: string;
    readonly direct: string;
    readonly lab: string;
    readonly home: string;
  };
  readonly words: Lines;
  readonly end: () => Promise<void>;
}

/** Everything that happened before the pictures are taken. */
export async function tell(tongue: Tongue): Promise<Story> {
  const words = lines[tongue];
  const world = await World.begin(yesterday('09:00'));
  const people: Person[] = [];
  for (const name of words.people) people.push(await world.person(name));
  const [mina, jihun, sora, hajun, eunji, doyun] = people as [Person, Person, Person, Person, Person, Person];
  const room = async (who: Person, name: string, more: Record<string, unknown> = {}): Promise<string> =>
    (await world.ask<{ id: string }>(who, 'room.create', { name, kind: 'public', ...more })).id;
  const join = async (id: string, ...who: Person[]): Promise<void> => {
    for (const one of who) await world.ask(one, 'room.join', { room: id });
  };

  await join('lobby', mina, jihun, sora, hajun, eunji, doyun);
  const hike = await room(jihun, words.hike);
  await join(hike, mina, sora, hajun, eunji);
  const books = await room(sora, words.books);
  await join(books, mina, eunji, doyun);
  const lunch = await room(hajun, words.lunch);
  await join(lunch, mina, jihun, sora, doyun);
  const desk = await room(mina, words.desk, { kind: 'private' });
  for (const one of [sora, jihun]) await world.ask(mina, 'room.invite', { room: desk, user: one.id });
  const lab = await room(doyun, 'Lab', { kind: 'private', password: 'picture' });
  const garden = await room(doyun, words.garden);
  await join(garden, eunji, hajun);
  const direct = (await world.ask<{ id: string }>(sora, 'direct.open', { user: mina.id })).id;
  const second = (await world.ask<{ id: string }>(hajun, 'direct.open', { user: mina.id })).id;

  const { talk } = words;
  world.clock(yesterday('11:20'));
  await world.say(doyun, 'lobby', words.lobby[0]);
  world.clock(yesterday('11:22'));
  await world.say(jihun, 'lobby', words.lobby[1]);
  await world.say(jihun, 'lobby', words.lobby[2]);
  await world.say(doyun, garden, words.gardenTalk[0]);
  world.clock(yesterday('16:40'));
  await world.say(sora, books, words.bookTalk[0]);
  await world.say(doyun, books, words.bookTalk[1]);
  await world.say(mina, desk, words.deskTalk[0]);
  await world.say(hajun, second, words.second[0]);
  world.clock(yesterday('18:02'));
  await world.say(sora, direct, words.direct[0]);
  await world.say(mina, direct, words.direct[1]);
  world.clock(yesterday('20:31'));
  const plan = await world.say(jihun, hike, talk.plan);
  world.clock(yesterday('20:34'));
  await world.say(mina, hike, talk.yes);
  world.clock(yesterday('20:36'));
  const knee = await world.say(sora, hike, talk.knee);
  await world.say(jihun, hike, talk.map, { replyTo: knee, attachments: [await world.file(jihun, await trail(), 'trail.png')] });
  for (const [who, emoji] of [
    [mina, '👍'],
    [sora, '👍'],
    [hajun, '👍'],
    [sora, '🙏'],
  ] as const)
    await world.ask(who, 'message.react', { room: hike, pos: plan, emoji });

  world.clock(today('11:48'));
  await world.say(hajun, lunch, words.lunchTalk[0]);
  await world.say(sora, lunch, words.lunchTalk[1]);
  await world.say(hajun, lunch, words.lunchTalk[2]);
  world.clock(today('13:52'));
  const dawn = await world.say(mina, hike, talk.dawn, { attachments: [await world.file(mina, await mountain(), 'dawn.jpg')] });
  world.clock(today('13:55'));
  await world.say(sora, hike, talk.wow);
  await world.say(sora, hike, talk.heart);
  for (const who of [jihun, sora, eunji]) await world.ask(who, 'message.react', { room: hike, pos: dawn, emoji: '😍' });
  await world.ask(hajun, 'message.react', { room: hike, pos: dawn, emoji: '⛰️' });
  world.clock(today('14:05'));
  const time = await world.say(jihun, hike, talk.time);
  world.clock(today('14:07'));
  await world.say(eunji, hike, talk.early, { replyTo: time });
  world.clock(today('14:09'));
  const train = await world.say(mina, hike, talk.train);
  await world.ask(sora, 'message.react', { room: hike, pos: train, emoji: '🍙' });
  world.clock(today('14:16'));
  await world.say(sora, hike, talk.thanks);
  await world.say(sora, hike, talk.question);
  world.clock(today('14:21'));
  const last = await world.say(hajun, hike, talk.spare);
  await world.ask(mina, 'message.react', { room: hike, pos: last, emoji: '🙌' });
  for (const id of [books, desk, direct]) {
    const { messages } = await world.ask<{ messages: { pos: number }[] }>(mina, 'message.list', { room: id });
    await world.ask(mina, 'room.read', { room: id, pos: messages.at(-1)?.pos ?? 0 });
  }
  for (const id of [lunch, second, 'lobby'])
    await world.ask(mina, 'room.read', { room: id, pos: id === 'lobby' ? 6 : 0 }).catch(() => undefined);
  for (const name of gifNames)
    await world.say(hajun, garden, '', { attachments: [await world.file(hajun, await gif(name), `${name}.gif`)] });
  const home = await room(doyun, words.home);
  await join(home, mina, jihun);
  const { homeTalk } = words;
  world.clock(today('13:20'));
  await world.say(doyun, home, homeTalk.steps);
  world.clock(today('13:28'));
  const code = await world.say(mina, home, homeTalk.code);
  for (const who of [jihun, doyun]) await world.ask(who, 'message.react', { room: home, pos: code, emoji: '💡' });
  world.clock(today('13:31'));
  await world.say(jihun, home, `@${mina.name} ${homeTalk.nice}`, { mentions: [mina.id] });
  world.clock(today('13:34'));
  const link = await world.say(mina, home, homeTalk.link);
  const { title, description, site } = homeTalk;
  const address = 'https://lamp.example/small-lights';
  await world.preview(
    home,
    link,
    { address, url: address, host: 'lamp.example', title, description, site },
    { of: mina, file: await world.file(mina, await lamp(), 'lamp.png') },
  );
  world.clock(now);
  for (const one of [jihun, sora, eunji]) await world.arrive(one, hike);
  const first = await World.begin(now, { claimKey: 'the key of a picture' });
  const empty = { world: first, me: await first.person(words.people[0]) };
  await first.ask(empty.me, 'room.join', { room: 'lobby' });
  return {
    world,
    empty,
    me: mina,
    rooms: { hike, lobby: 'lobby', desk, direct, lab, home },
    words,
    end: async () => void (await Promise.all([world.end(), first.end()])),
  };
}
