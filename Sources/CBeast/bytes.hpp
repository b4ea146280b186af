// SPDX-License-Identifier: Apache-2.0
// The three shapes in which bytes are passed on, none of which owns them.
#pragma once
#include "cbeast.h"
#include <string_view>
#include <sys/uio.h>

namespace cb {

inline std::string_view view(cb_bytes bytes) { return {reinterpret_cast<const char *>(bytes.base), bytes.size}; }
inline cb_bytes bytes(std::string_view text) {
    return {reinterpret_cast<const uint8_t *>(text.data()), text.size()};
}
inline iovec part(std::string_view text) { return {const_cast<char *>(text.data()), text.size()}; }

} // namespace cb
