/** What the page says, in Korean and in English. */
const words = {
  ko: {
    nickname: '닉네임',
    enterChat: '시작',
    rename: '바꾸기',
    rooms: '방 목록',
    roomName: '새 방 이름',
    create: '만들기',
    people: '접속한 사람',
    empty: '방을 고르거나 새로 만들어 보세요.',
    text: '메시지를 입력하세요',
    send: '보내기',
    back: '방 목록으로',
    other: 'English',
    away: '연결이 끊겼습니다. 다시 연결하는 중 …',
    failed: '보내지 못했습니다',
    created: ({ name, room }) => `${name} 님이 ‘${room}’ 방을 만들었습니다.`,
    entered: ({ name, room }) => `${name} 님이 ‘${room}’ 방에 들어왔습니다.`,
    renamed: ({ from, name }) => `${from} 님의 닉네임이 이제 ${name} 입니다.`,
    joined: (name) => `${name} 님이 들어왔습니다`,
    opened: (name) => `${name} 님이 방을 만들었습니다`,
    left: (name) => `${name} 님이 나갔습니다`,
  },
  en: {
    nickname: 'Nickname',
    enterChat: 'Start',
    rename: 'Change',
    rooms: 'Rooms',
    roomName: 'Name of a new room',
    create: 'Create',
    people: 'Here now',
    empty: 'Choose a room, or make one.',
    text: 'Say something',
    send: 'Send',
    back: 'Back to the rooms',
    other: '한국어',
    away: 'The connection is lost. Connecting again …',
    failed: 'not sent',
    created: ({ name, room }) => `${name} made the room “${room}”.`,
    entered: ({ name, room }) => `${name} entered “${room}”.`,
    renamed: ({ from, name }) => `${from} is now called ${name}.`,
    joined: (name) => `${name} entered`,
    opened: (name) => `${name} made this room`,
    left: (name) => `${name} left`,
  },
};

export let language = localStorage.getItem('language') ?? (navigator.language.startsWith('ko') ? 'ko' : 'en');

/** In the language of this page. Functions take what they tell of. */
export const word = (name) => words[language][name];

export function changeLanguage() {
  language = language === 'ko' ? 'en' : 'ko';
  localStorage.language = language;
}
