// The browser-console example of the system's documents.
(() => {
const script = document.createElement('script');
script.src = 'https://cdn.socket.io/4.8.1/socket.io.min.js';
document.head.appendChild(script);

setTimeout(() => {
  const socket = io("http://localhost:4000");

  socket.on("connect", () => {
    console.log("Connected!");

    socket.emit("init_session", {}, (response) => {
      console.log("Session:", response.sessionId);

      socket.emit("user_message", {
        sessionId: response.sessionId,
        content: "Test from browser!"
      });
    });
  });

  socket.on("message", (msg) => {
    console.log("Message received:", msg);
  });
}, 1000);
})()
