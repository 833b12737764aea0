const [welcome, text, log] = ['welcome', 'text', 'log'].map((id) => document.getElementById(id));
const socket = io();
const doors = [...document.querySelectorAll('[data-room]')];

function write(where, what) {
  const [line, name, said] = ['li', 'b', 'span'].map((tag) => document.createElement(tag));
  name.textContent = where;
  said.textContent = what; // never innerHTML: what others say is text
  line.append(name, said);
  log.prepend(line);
}

socket.on('welcome', (greeting) => {
  welcome.textContent = greeting;
});
socket.on('broadcast', (said, room = '모두') => write(room, said));
socket.on('refused', (reason) => write('!', reason));

// Rooms belong to a connection: after a new one they must be entered again.
socket.on('connect', () => {
  for (const door of doors) if (door.ariaPressed === 'true') socket.emit('joinroom', door.dataset.room);
});
for (const door of doors) {
  door.onclick = () => {
    const enters = door.ariaPressed !== 'true';
    socket.emit(enters ? 'joinroom' : 'leaveroom', door.dataset.room);
    door.ariaPressed = String(enters);
  };
}

function say(event) {
  socket.emit(event, text.value);
  text.value = '';
  text.focus();
}
for (const button of document.querySelectorAll('button[data-event]')) button.onclick = () => say(button.dataset.event);
document.querySelector('form').onsubmit = (event) => event.preventDefault();
