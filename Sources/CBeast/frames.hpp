// SPDX-License-Identifier: Apache-2.0
// The mark of compressed messages, taken off and put on outside Beast.
//
// Beast without its own deflate knows no reserved bits. So the wire follows the frames of a socket that agreed on
// compression: of a compressed message that comes, the mark is removed and text becomes binary (Beast would look for
// UTF-8 in what is compressed); of one that goes, the mark is put on. A wrong mark (on a control frame, on a
// continuation) is left for Beast to refuse.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

namespace cb {

/// Follows frames through bytes that are cut anywhere.
class FrameTrack {
public:
    bool at_start() const { return seen_ == 0 && left_ == 0; }

    /// Calls `first` with the first byte of each frame, which it may change.
    template <class F>
    void follow(uint8_t *at, size_t count, F &&first) {
        while (count > 0) {
            if (left_ > 0) {
                auto skipped = static_cast<size_t>(std::min<uint64_t>(left_, count));
                left_ -= skipped;
                at += skipped;
                count -= skipped;
                continue;
            }
            if (seen_ == 0) first(*at);
            note(*at);
            ++at;
            --count;
        }
    }

private:
    void note(uint8_t byte) {
        if (seen_ == 1) {
            uint8_t size = byte & 0x7f;
            sized_ = static_cast<uint8_t>(size == 126 ? 4 : size == 127 ? 10 : 2);
            needed_ = static_cast<uint8_t>(sized_ + (byte & 0x80 ? 4 : 0));
            length_ = size < 126 ? size : 0;
        } else if (seen_ >= 2 && seen_ < sized_) {
            length_ = length_ << 8 | byte;
        }
        if (++seen_ < 2 || seen_ < needed_) return;
        left_ = length_;
        seen_ = 0;
    }

    uint8_t seen_ = 0, sized_ = 2, needed_ = 2;
    uint64_t length_ = 0, left_ = 0;
};

/// What is done to the frames of one socket that agreed on compression.
class FrameMarks {
public:
    /// How a message came.
    struct Kind {
        bool compressed, text;
    };

    void received(void *bytes, size_t count) {
        in_.follow(static_cast<uint8_t *>(bytes), count, [this](uint8_t &first) { begin(first); });
    }
    /// The kind of the next message that is complete; several may have begun in one read.
    Kind next() {
        if (begun_.empty()) return {false, false};
        char kind = begun_.front();
        begun_.erase(0, 1);
        return {(kind & 2) != 0, (kind & 1) != 0};
    }
    /// The next message written is compressed; it is given to Beast as binary.
    void mark_next(bool text) { mark_ = static_cast<uint8_t>(0xc0 | (text ? 1 : 2)); }
    /// Before bytes are written: Beast's own buffer holds the header.
    void sending(void *bytes, size_t count) {
        auto *first = static_cast<uint8_t *>(bytes);
        if (count == 0 || mark_ == 0 || !out_.at_start() || *first != 0x82) return;
        *first = mark_;
        mark_ = 0;
    }
    void sent(void *bytes, size_t count) {
        out_.follow(static_cast<uint8_t *>(bytes), count, [](uint8_t &) {});
    }

private:
    void begin(uint8_t &first) {
        uint8_t opcode = first & 0x0f;
        if (opcode != 1 && opcode != 2) return;
        bool compressed = first & 0x40;
        begun_ += static_cast<char>((compressed ? 2 : 0) | (opcode == 1 ? 1 : 0));
        if (compressed) first = static_cast<uint8_t>((first & 0xb0) | 2);
    }

    FrameTrack in_, out_;
    std::string begun_;
    uint8_t mark_ = 0;
};

} // namespace cb
