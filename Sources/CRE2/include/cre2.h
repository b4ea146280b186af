// SPDX-License-Identifier: Apache-2.0
// RE2 behind plain C: linear-time patterns, compiled once and matched from any thread.
#pragma once
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct re2_pattern re2_pattern;

/// Compiles `pattern` (UTF-8, `length` bytes) within `max_memory` bytes. On failure returns NULL and writes RE2's reason,
/// NUL-terminated, into `error`.
re2_pattern *_Nullable re2_compile(const char *_Nonnull pattern, size_t length, bool case_sensitive,
                                   size_t max_memory, char *_Nonnull error, size_t error_capacity);
/// Frees a compiled pattern.
void re2_free(re2_pattern *_Nonnull pattern);
/// How many capturing groups the pattern has, without the whole match.
int re2_group_count(const re2_pattern *_Nonnull pattern);
/// Searches `text`. Fills `spans` with begin and end byte offsets of the whole match and the first `groups` groups
/// (2 * (groups + 1) entries, -1 for a group that took no part). Returns false when there is no match at or after `from`.
bool re2_search(const re2_pattern *_Nonnull pattern, const char *_Nonnull text, size_t length, size_t from, int groups,
                ptrdiff_t *_Nullable spans);

#ifdef __cplusplus
}
#endif
