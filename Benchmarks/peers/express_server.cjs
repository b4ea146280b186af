// SPDX-License-Identifier: Apache-2.0
// The job of `POST /v1/conversations/{id}/messages` in Express: token, safety words, intent by keyword, two rows in memory.
const { createHmac, randomUUID, timingSafeEqual } = require('crypto');
const express = require('express');

const secret = process.env.JWT_SECRET;
const emergency = ['chest pain', 'crushing feeling in my chest', 'heart attack', 'cannot breathe', "can't breathe"];
const topics = ['appointment', 'prescription', 'report', 'doctor', 'opening hours', 'parking', 'invoice', 'insurance'];
const messages = new Map();

function caller(request, response, next) {
  const [head, body, signature] = (request.get('authorization') || '').replace(/^Bearer /, '').split('.');
  const own = createHmac('sha256', secret).update(`${head}.${body}`).digest();
  const theirs = Buffer.from(signature || '', 'base64url');
  if (theirs.length !== own.length || !timingSafeEqual(own, theirs)) return response.status(401).json({ error: 'invalid token' });
  const claims = JSON.parse(Buffer.from(body, 'base64url'));
  if (claims.exp * 1000 < Date.now()) return response.status(401).json({ error: 'expired token' });
  request.user = claims.userId;
  next();
}

function answerTo(said) {
  const text = said.toLowerCase();
  if (emergency.some((words) => text.includes(words))) return 'This sounds like an emergency. Call 911 now.';
  if (text.includes('hello') || text.includes('good morning')) return 'Hello! How can I help you today?';
  const topic = topics.find((word) => text.includes(word));
  return topic ? `Here is the ${topic}.` : 'I did not understand that.';
}

const app = express();
app.use(express.json());
app.post('/v1/conversations/:conversation/messages', caller, (request, response) => {
  const { conversation } = request.params;
  if (typeof request.body.text !== 'string') return response.status(400).json({ error: 'text is missing' });
  if (!messages.has(conversation)) messages.set(conversation, []);
  const kept = messages.get(conversation);
  kept.push({ id: randomUUID(), author: request.user, text: request.body.text, at: Date.now() });
  const reply = { id: randomUUID(), author: 'assistant', text: answerTo(request.body.text), at: Date.now() };
  kept.push(reply);
  if (kept.length > 200) kept.splice(0, 100);
  response.json({ conversation, replies: [reply] });
});
app.listen(+process.env.PORT, '127.0.0.1');
