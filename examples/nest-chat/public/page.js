import { changeLanguage, language, word } from './words.js';

const at = (id) => document.getElementById(id);
const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Who I am: a secret of this browser. Whoever has it is me. */
localStorage.me ??= newId();
/** The room on the screen, and how far it has been read. */
let cursor = { room: decodeURIComponent(location.hash.slice(1)) };
const names = new Map();
/** My id, as others see it at what I said. */
let myId = '';

const socket = io({
  autoConnect: false,
  auth: (give) => give({ me: localStorage.me, nickname: localStorage.nickname }),
  // Everything is said again until it is answered. The server knows what it has heard already.
  retries: Infinity,
  ackTimeout: 5_000,
});

async function ask(event, ...data) {
  const answer = await socket.emitWithAck(event, ...data);
  if (answer?.error) throw new Error(answer.error.message);
  return answer;
}

// Coming, going, coming back

socket.on('connect', async () => {
  document.body.classList.remove('outside', 'away');
  at('inside').hidden = false;
  drawNotice();
  const { me, rooms } = await ask('rooms');
  myId = me;
  names.clear();
  for (const { id, name } of rooms) names.set(id, name);
  drawRooms();
  if (names.has(cursor.room)) await catchUp();
});

for (const event of ['disconnect', 'connect_error']) {
  socket.on(event, () => {
    document.body.classList.add('away');
    drawNotice();
  });
}

/** Asks for what came since the cursor, and again if something was said that does not follow on it. */
let catching = false;
let behind = false;
async function catchUp() {
  behind = true;
  if (catching) return;
  catching = true;
  while (behind) {
    behind = false;
    const asked = cursor;
    const answer = await ask('enter', asked).catch(({ message }) => notice(message));
    if (asked !== cursor) behind = true;
    else if (answer) take(answer);
  }
  catching = false;
}

function take({ reset, messages, changes, epoch, head }) {
  if (reset) for (const line of at('messages').querySelectorAll('[data-pos]')) line.remove();
  for (const message of reset ? messages : changes) draw(message);
  cursor.epoch = epoch;
  // What came at once may be newer than the answer.
  cursor.rev = reset ? head : Math.max(cursor.rev, head);
  if (reset) scrollDown();
}

socket.on('message', (message) => {
  if (message.room !== cursor.room || message.rev <= cursor.rev) return;
  if (message.rev !== cursor.rev + 1) return void catchUp();
  cursor.rev = message.rev;
  draw(message);
});

// Rooms

function enter(room) {
  cursor = { room };
  history.replaceState(null, '', room === '' ? location.pathname : `#${encodeURIComponent(room)}`);
  at('messages').replaceChildren();
  drawRooms();
  if (room !== '') void catchUp();
}

socket.on('room', ({ id, name }) => {
  names.set(id, name);
  drawRooms();
});

function drawRooms() {
  const isIn = names.has(cursor.room);
  document.body.classList.toggle('in-room', isIn);
  for (const id of ['room-header', 'message-form']) at(id).hidden = !isIn;
  at('empty').hidden = isIn;
  at('room-title').textContent = names.get(cursor.room) ?? '';
  at('rooms').replaceChildren(
    ...[...names].map(([id, name]) => {
      const button = Object.assign(document.createElement('button'), { type: 'button', textContent: name, onclick: () => enter(id) });
      if (id === cursor.room) button.setAttribute('aria-current', 'true');
      const line = document.createElement('li');
      line.append(button);
      return line;
    }),
  );
}

// Messages

const isAtBottom = () => at('messages').scrollHeight - at('messages').scrollTop - at('messages').clientHeight < 80;
const scrollDown = () => at('messages').scrollTo(0, at('messages').scrollHeight);

function part(name, text) {
  return Object.assign(document.createElement(name), { textContent: text });
}

function noticeText({ type, user }, sender) {
  if (type === 'created') return word('opened')(sender?.name ?? '');
  return word(type === 'left' || type === 'kicked' ? 'left' : 'joined')(user?.name ?? sender?.name ?? '');
}

/** A line of the room. A message that is there already takes its new form; mine takes the place of the one on its way. */
function draw({ pos, kind, sender, clientId, text, at: time, notice: told, deleted }) {
  const stay = isAtBottom();
  const list = at('messages');
  const line = document.createElement('li');
  line.dataset.pos = pos;
  line.className = kind;
  if (kind === 'notice') line.append(noticeText(told, sender));
  else {
    line.classList.toggle('mine', sender?.id === myId);
    const clock = part('time', new Date(time).toLocaleTimeString(language, { hour: 'numeric', minute: '2-digit' }));
    line.append(part('b', sender?.name ?? ''), part('span', deleted ? '—' : text), clock);
  }
  list.querySelector(`[data-client="${CSS.escape(clientId ?? ' ')}"]`)?.remove();
  const known = list.querySelector(`[data-pos="${pos}"]`);
  if (known) known.replaceWith(line);
  else list.insertBefore(line, list.querySelector('[data-client]'));
  if (stay) scrollDown();
}

at('message-form').onsubmit = async (event) => {
  event.preventDefault();
  const clientId = newId();
  const text = at('text').value;
  at('text').value = '';
  const line = document.createElement('li');
  line.dataset.client = clientId;
  line.className = 'text mine sending';
  line.append(part('b', localStorage.nickname), part('span', text), part('time', '…'));
  at('messages').append(line);
  scrollDown();
  await ask('message', { room: cursor.room, text, clientId }).catch(({ message }) => {
    line.classList.add('failed');
    line.lastChild.textContent = `${word('failed')}: ${message}`;
  });
};

// People, and what everyone is told

socket.on('people', (people) => {
  at('count').textContent = people.length;
  at('people').textContent = people.join(', ');
});

let latest = () => '';

function drawNotice() {
  at('notice').textContent = document.body.classList.contains('away') ? word('away') : latest();
}

function notice(text) {
  latest = typeof text === 'function' ? text : () => text;
  drawNotice();
}

socket.on('notice', (told) => notice(() => word(told.is)(told)));

// Forms

at('nickname-form').onsubmit = async (event) => {
  event.preventDefault();
  const nickname = at('nickname').value.trim();
  if (nickname === '') return;
  localStorage.nickname = nickname;
  at('nickname').blur();
  if (socket.connected) await ask('nickname', nickname);
  else socket.connect();
  say();
};

at('create-form').onsubmit = async (event) => {
  event.preventDefault();
  const name = at('room-name').value;
  at('room-name').value = '';
  try {
    const room = await ask('create', name);
    names.set(room.id, room.name);
    enter(room.id);
  } catch ({ message }) {
    notice(message);
  }
};

at('back').onclick = () => enter('');

/** Puts the words where they belong. */
function say() {
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll('[data-text]')) element.textContent = word(element.dataset.text);
  if (localStorage.nickname) at('nickname-submit').textContent = word('rename');
  at('language').textContent = word('other');
  drawNotice();
  at('room-name').placeholder = word('roomName');
  at('room-name').ariaLabel = word('roomName');
  at('text').placeholder = word('text');
  at('text').ariaLabel = word('text');
  at('back').ariaLabel = word('back');
}

at('language').onclick = () => {
  changeLanguage();
  say();
  if (cursor.room !== '') enter(cursor.room);
};

say();
at('nickname').value = localStorage.nickname ?? '';
if (localStorage.nickname) socket.connect();
else at('nickname').focus();
