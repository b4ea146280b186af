"""The shapes our fake upstreams speak, checked against the vendors' own response models, so that a fault test proves something.

Run as: vendor_shapes.py
"""

import json

from anthropic.types import Message, RawMessageStreamEvent
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from openai.types.responses import Response
from pydantic import TypeAdapter

import fake_upstream

ChatCompletion.model_validate_json(fake_upstream.whole(), strict=True)
ChatCompletionChunk.model_validate_json(fake_upstream.chunk("word"), strict=True)
ChatCompletionChunk.model_validate_json(fake_upstream.last_chunk(), strict=True)
ChatCompletionChunk.model_validate_json(fake_upstream.last_chunk("tool_calls"), strict=True)

# What VendorReaderTests reads, in full.
ANTHROPIC = [
    {"type": "message_start", "message": {
        "id": "m", "type": "message", "role": "assistant", "content": [], "model": "claude", "stop_reason": None,
        "stop_sequence": None, "usage": {"input_tokens": 25, "output_tokens": 1}}},
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": "", "citations": None}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hi"}},
    {"type": "content_block_delta", "index": 1, "delta": {"type": "input_json_delta", "partial_json": "{}"}},
    {"type": "content_block_stop", "index": 0},
    {"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": None}, "usage": {"output_tokens": 15}},
    {"type": "message_stop"},
]
events = TypeAdapter(RawMessageStreamEvent)
for event in ANTHROPIC:
    events.validate_json(json.dumps(event))
Message.model_validate(ANTHROPIC[0]["message"] | {"content": [{"type": "text", "text": "Hi"}], "stop_reason": "end_turn"})
Response.model_validate({
    "id": "r", "object": "response", "created_at": 0, "model": "m1", "parallel_tool_calls": True, "tool_choice": "auto",
    "tools": [], "output": [{"type": "message", "id": "x", "role": "assistant", "status": "completed", "content": [
        {"type": "output_text", "text": "Hello", "annotations": []}]}],
    "usage": {"input_tokens": 3, "output_tokens": 1, "total_tokens": 4, "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
              "output_tokens_details": {"reasoning_tokens": 0}}})
print("chat completions, chunks, messages and responses are what the vendors' packages read")
