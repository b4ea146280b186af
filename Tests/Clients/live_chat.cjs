// The genuine client 4.8.1 under Node: what test-socket.js of the documents does, then recovery.
// live_chat.cjs CLIENT BASE
const fs = require('fs'), vm = require('vm');
const [client, base] = process.argv.slice(2);
// The file is made for browsers: it is given a browser's WebSocket, and polls by fetch's older sister only there.
const WebSocket = globalThis.WebSocket ?? require('/usr/share/nodejs/ws');
const module_ = { exports: {} };
const self_ = { WebSocket, setTimeout, clearTimeout, Promise, ArrayBuffer, addEventListener() {}, removeEventListener() {} };
new Function('module', 'exports', 'self', 'window', 'WebSocket', 'addEventListener', 'removeEventListener', fs.readFileSync(client, 'utf8'))(
  module_, module_.exports, self_, self_, WebSocket, () => {}, () => {});
const io = module_.exports.io ?? module_.exports;
const options = { transports: ['websocket'], reconnectionDelay: 50, forceNew: true };
const fail = (what) => { console.error('failed:', what); process.exit(1); };
setTimeout(() => fail('nothing more came'), 30000).unref();

const socket = io(base, options);
socket.on('connect', () => {
  console.log('Connected:', socket.id);
  socket.emit('init_session', { sessionId: null }, (response) => {
    console.log('Session initialized:', response);
    socket.emit('user_message', { sessionId: response.sessionId, content: 'Testing message!' });
  });
});
socket.once('message', (msg) => {
  console.log('New message:', msg);
  if (msg.sender !== 'user' || msg.content !== 'Testing message!') fail('the message');
  socket.removeAllListeners('connect');
  recover();
});

// Cut off, sent a hundred messages by another, back: all hundred, in order, once.
function recover() {
  const admin = io(base, options);
  const heard = [];
  admin.emit('init_session', {}, ({ sessionId }) => {
    socket.emit('init_session', { sessionId }, () => {
      socket.on('message', (msg) => {
        heard.push(msg.content);
        if (msg.content === 'first') cut();
        if (msg.content === 'last') done();
      });
      admin.emit('admin_message', { sessionId, content: 'first' });
    });
    function cut() {
      socket.once('disconnect', () => {
        for (let number = 0; number < 100; number++) admin.emit('admin_message', { sessionId, content: String(number) });
        admin.emit('admin_message', { sessionId, content: 'last' });
      });
      socket.io.engine.close();
      setTimeout(() => socket.connected || socket.connect(), 300);
    }
  });
  function done() {
    const wanted = ['first', ...Array.from({ length: 100 }, (_, number) => String(number)), 'last'];
    if (JSON.stringify(heard) !== JSON.stringify(wanted)) fail('heard ' + heard.length + ': ' + heard);
    if (!socket.recovered) fail('not recovered');
    console.log('all as documented');
    process.exit(0);
  }
}
