// SPDX-License-Identifier: Apache-2.0
#include "deflate.hpp"
#include <algorithm>
#include <boost/beast/zlib/error.hpp>

namespace cb {

namespace zlib = boost::beast::zlib;

namespace {

// Chat text repeats itself within a few kilobytes or not at all.
constexpr int largest_window = 13;
constexpr int memory_level = 6;
constexpr int effort = 3;
// What is kept of the room for inflated messages.
constexpr size_t kept_bytes = 64 * 1024;

std::string_view trim(std::string_view text) {
    auto blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
    return text;
}

/// Takes the text up to `mark`, trimmed, off the front.
std::string_view take(std::string_view &text, char mark) {
    auto end = std::min(text.find(mark), text.size());
    auto part = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    return part;
}

/// 8 to 15 without leading zeros, in quotes or not; 0 for anything else.
int window_bits(std::string_view value) {
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    if (value == "8" || value == "9") return value[0] - '0';
    bool good = value.size() == 2 && value[0] == '1' && value[1] >= '0' && value[1] <= '5';
    return good ? 10 + value[1] - '0' : 0;
}

struct Offer {
    bool server_takeover = false, client_takeover = false, client_bits = false;
    int server_bits = 0;

    /// False for a parameter that is unknown, repeated or has a wrong value (RFC 7692 7.1).
    bool note(std::string_view name, std::string_view value, bool has_value) {
        if (name == "server_no_context_takeover") return !has_value && !std::exchange(server_takeover, true);
        if (name == "client_no_context_takeover") return !has_value && !std::exchange(client_takeover, true);
        if (name == "client_max_window_bits")
            return !std::exchange(client_bits, true) && (!has_value || window_bits(value) > 0);
        if (name != "server_max_window_bits" || server_bits != 0) return false;
        // A window of 256 bytes is more than this compressor can promise to keep to.
        server_bits = window_bits(value);
        return server_bits > 8;
    }
};

std::optional<DeflateTerms> accept(std::string_view text) {
    if (take(text, ';') != "permessage-deflate") return {};
    Offer offer;
    while (!text.empty()) {
        auto value = take(text, ';');
        bool has_value = value.find('=') != std::string_view::npos;
        auto name = take(value, '=');
        if (!offer.note(name, trim(value), has_value)) return {};
    }
    DeflateTerms terms;
    terms.answer = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
    if (offer.server_bits) {
        terms.window_bits = offer.server_bits;
        terms.answer += "; server_max_window_bits=" + std::to_string(offer.server_bits);
    }
    return terms;
}

} // namespace

std::optional<DeflateTerms> choose_deflate(std::string_view offers) {
    while (!offers.empty())
        if (auto terms = accept(take(offers, ','))) return terms;
    return {};
}

std::string Deflater::squeeze(std::string_view message, int bits) {
    out_.reset(effort, std::min(bits, largest_window), memory_level, zlib::Strategy::normal);
    std::string squeezed(out_.upper_bound(message.size()) + 16, '\0');
    zlib::z_params step;
    step.next_in = message.data();
    step.avail_in = message.size();
    step.next_out = squeezed.data();
    step.avail_out = squeezed.size();
    Error error;
    out_.write(step, zlib::Flush::sync, error);
    // RFC 7692 7.2.1: the four bytes that end a flush are not sent.
    bool done = !error && step.avail_in == 0 && step.avail_out > 0 && step.total_out > 4;
    squeezed.resize(done ? step.total_out - 4 : 0);
    return squeezed;
}

Deflater::Outcome Deflater::inflate(std::string_view squeezed, size_t limit, std::string_view &message) {
    in_.reset(15);
    size_t size = 0;
    auto outcome = inflate_part(squeezed, limit, size);
    if (outcome == Outcome::fine) outcome = inflate_part({"\0\0\xff\xff", 4}, limit, size);
    message = {inflated_.data(), size};
    return outcome;
}

Deflater::Outcome Deflater::inflate_part(std::string_view squeezed, size_t limit, size_t &size) {
    zlib::z_params step;
    step.next_in = squeezed.data();
    step.avail_in = squeezed.size();
    while (true) {
        if (size == inflated_.size()) inflated_.resize(std::min(limit + 1, std::max<size_t>(4096, size * 2)));
        step.next_out = inflated_.data() + size;
        step.avail_out = std::min(inflated_.size(), limit + 1) - size;
        Error error;
        in_.write(step, zlib::Flush::sync, error);
        size = static_cast<size_t>(static_cast<char *>(step.next_out) - inflated_.data());
        if (size > limit) return Outcome::too_large;
        // RFC 7692 7.2.3.4: a sender may end a block as the last one and go on.
        if (error == zlib::error::end_of_stream) {
            in_.reset(15);
            error = {};
            if (step.avail_in == 0) return Outcome::fine;
            continue;
        }
        if (error && error != zlib::error::need_buffers) return Outcome::broken;
        if (step.avail_out == 0) continue;
        return step.avail_in == 0 ? Outcome::fine : Outcome::broken;
    }
}

void Deflater::forget() {
    if (inflated_.size() <= kept_bytes) return;
    inflated_.resize(kept_bytes);
    inflated_.shrink_to_fit();
}

} // namespace cb
