// SPDX-License-Identifier: Apache-2.0
#include "cre2.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>

struct re2_pattern {
    RE2 re;
    re2_pattern(const re2::StringPiece &pattern, const RE2::Options &options) : re(pattern, options) {}
};

namespace {
constexpr int max_groups = 16;
}

extern "C" {

re2_pattern *re2_compile(const char *pattern, size_t length, bool case_sensitive, size_t max_memory, char *error,
                         size_t error_capacity) {
    RE2::Options options;
    options.set_case_sensitive(case_sensitive);
    options.set_log_errors(false);
    options.set_max_mem(static_cast<int64_t>(max_memory));
    auto compiled = std::make_unique<re2_pattern>(re2::StringPiece(pattern, length), options);
    if (compiled->re.ok()) return compiled.release();
    std::snprintf(error, error_capacity, "%s", compiled->re.error().c_str());
    return nullptr;
}

void re2_free(re2_pattern *pattern) { delete pattern; }

int re2_group_count(const re2_pattern *pattern) { return pattern->re.NumberOfCapturingGroups(); }

bool re2_search(const re2_pattern *pattern, const char *text, size_t length, size_t from, int groups, ptrdiff_t *spans) {
    std::array<re2::StringPiece, max_groups + 1> found;
    groups = std::clamp(groups, 0, max_groups);
    int wanted = spans ? groups + 1 : 0;
    if (!pattern->re.Match(re2::StringPiece(text, length), from, length, RE2::UNANCHORED, found.data(), wanted)) return false;
    for (int i = 0; i < wanted; i++) {
        bool set = found[i].data() != nullptr;
        spans[2 * i] = set ? found[i].data() - text : -1;
        spans[2 * i + 1] = set ? found[i].data() - text + static_cast<ptrdiff_t>(found[i].size()) : -1;
    }
    return true;
}
}
