// SPDX-License-Identifier: Apache-2.0
// permessage-deflate (RFC 7692) without memory per socket.
//
// Beast's own keeps 13 kB for each socket that offers it and 26 kB once something was compressed; browsers always
// offer it. Neither side remembers anything between messages here, so one pair of streams per loop serves all its
// sockets: a message is complete when it is inflated, and is compressed when its turn to be written has come.
#pragma once
#include "asio.hpp"
#include <boost/beast/zlib/deflate_stream.hpp>
#include <boost/beast/zlib/inflate_stream.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace cb {

/// What was agreed on with a client.
struct DeflateTerms {
    int window_bits = 15; // of what we send
    /// The value of our Sec-WebSocket-Extensions.
    std::string answer;
};

/// The first offer of a client that we can keep; none of them is no reason to refuse the WebSocket.
std::optional<DeflateTerms> choose_deflate(std::string_view offers);

/// Compresses and inflates whole messages. One thread only.
class Deflater {
public:
    enum class Outcome : uint8_t { fine, too_large, broken };

    std::string squeeze(std::string_view message, int window_bits);
    /// The message is valid until the next call. Not more than `limit` bytes are made.
    Outcome inflate(std::string_view squeezed, size_t limit, std::string_view &message);
    /// Gives back the room of a large message.
    void forget();

private:
    Outcome inflate_part(std::string_view squeezed, size_t limit, size_t &size);

    boost::beast::zlib::deflate_stream out_;
    boost::beast::zlib::inflate_stream in_;
    std::string inflated_;
};

} // namespace cb
