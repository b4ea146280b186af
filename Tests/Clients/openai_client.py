"""The official openai package against our endpoint, unmodified: models, plain, streamed, usage, errors, a stored conversation.

Run as: openai_client.py BASE_URL
"""

import openai

from support import base_url, expect, token

client = openai.OpenAI(base_url=base_url() + "/v1", api_key=token("PATIENT", "patient_7"), max_retries=0)

models = [model.id for model in client.models.list()]
expect(models == ["patient", "support", "technical"], "the assistants of the role are the models", models)
expect(client.models.retrieve("patient").object == "model", "one model")

question = [{"role": "user", "content": "what are your opening hours"}]
whole = client.chat.completions.create(model="patient", messages=question)
text = whole.choices[0].message.content
expect(whole.choices[0].finish_reason == "stop" and "08:00" in text or "8" in text, "an answer from the files", text)
expect(whole.usage.total_tokens == whole.usage.prompt_tokens + whole.usage.completion_tokens > 0, "usage", whole.usage)

chunks = list(client.chat.completions.create(
    model="patient", messages=question, stream=True, stream_options={"include_usage": True}))
streamed = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
expect(streamed == text, "streamed is the same text", streamed)
expect(chunks[-1].usage and chunks[-1].choices == [], "usage comes last", chunks[-1])
expect([c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop", "it ends with stop")

emergency = client.chat.completions.create(model="patient", messages=[{"role": "user", "content": "I have crushing chest pain"}])
expect("911" in emergency.choices[0].message.content, "an emergency is answered", emergency)

# Without a conversation nothing is joined, and flows are off.
alone = client.chat.completions.create(model="patient", messages=[{"role": "user", "content": "book an appointment"}])
expect("What kind" not in alone.choices[0].message.content, "no flow without a conversation", alone)
headers = {"X-Conversation-ID": "mine-1"}
first = client.chat.completions.create(
    model="patient", messages=[{"role": "user", "content": "cancel my appointment"}], extra_headers=headers)
second = client.chat.completions.create(
    model="patient", messages=[{"role": "user", "content": "never mind"}], extra_headers=headers)
expect(first.choices[0].message.content != second.choices[0].message.content, "a stored conversation goes on", second)

for wrong, status, code in (
    (dict(model="nobody", messages=question), 404, "model_not_found"),
    (dict(model="patient", messages=[]), 400, None),
    (dict(model="patient", messages=[{"role": "assistant", "content": "x"}]), 400, None),
    (dict(model="doctor", messages=question), 404, "model_not_found"),
):
    try:
        client.chat.completions.create(**wrong)
        expect(False, f"{status} for {wrong}")
    except openai.APIStatusError as error:
        expect(error.status_code == status and error.body["code"] == code, f"{status} {code}", error.body)
try:
    openai.OpenAI(base_url=base_url() + "/v1", api_key="wrong", max_retries=0).models.list()
    expect(False, "a wrong key is refused")
except openai.AuthenticationError as error:
    expect(error.body["type"] == "invalid_request_error", "401 in OpenAI's shape", error.body)
