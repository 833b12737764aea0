const [state, heard, answered, log] = ['state', 'heard', 'answered', 'log'].map((id) => document.getElementById(id));
const socket = new WebSocket(location.origin.replace('http', 'ws'));

function write(who, what) {
  const [line, name, text] = ['li', 'b', 'span'].map((tag) => document.createElement(tag));
  name.textContent = who;
  text.textContent = what; // never innerHTML: what others say is text
  line.append(name, text);
  log.prepend(line);
  while (log.children.length > 50) log.lastChild.remove();
}

socket.onopen = () => {
  state.textContent = '연결됨 Connected';
};
socket.onmessage = ({ data }) => {
  heard.value = Number(heard.value) + 1;
  write('서버', data);
  const answer = `클라이언트에서 서버로 From client to server: ${heard.value}`;
  socket.send(answer);
  answered.value = Number(answered.value) + 1;
  write('나', answer);
};
socket.onclose = ({ code }) => {
  state.textContent = `끊김 Disconnected (${code})`;
};
