// SPDX-License-Identifier: Apache-2.0
// What `transport.py` measures with: an echo server that does nothing but epoll, and clients that keep one message
// per connection on its way.
//
//   load server PORT                            echo bytes until killed
//   load tcp|ws PORT CONNECTIONS SECONDS SIZE   messages answered, on stdout
//   load idle PORT CONNECTIONS SECONDS          WebSockets held open; "open" on stdout when all are
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static const char handshake[] = "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

static void check(long result, const char *what) {
    if (result >= 0) return;
    perror(what);
    exit(1);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void watch(int poll, int descriptor, uint32_t index) {
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = index};
    check(epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event), "epoll_ctl");
}

static struct sockaddr_in loopback(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static int set_no_delay(int descriptor) {
    int one = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return descriptor;
}

// ---- the server

static void serve(int port) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in address = loopback(port);
    check(bind(listener, (struct sockaddr *)&address, sizeof address), "bind");
    check(listen(listener, 4096), "listen");
    int poll = epoll_create1(0);
    watch(poll, listener, (uint32_t)listener);
    static char buffer[65536];
    for (;;) {
        struct epoll_event events[256];
        int count = epoll_wait(poll, events, 256, -1);
        for (int i = 0; i < count; i++) {
            int ready = (int)events[i].data.u32;
            if (ready == listener) {
                int peer = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
                if (peer >= 0) watch(poll, set_no_delay(peer), (uint32_t)peer);
                continue;
            }
            ssize_t got = recv(ready, buffer, sizeof buffer, 0);
            if (got > 0) send(ready, buffer, (size_t)got, MSG_NOSIGNAL);
            if (got == 0 || (got < 0 && errno != EAGAIN)) close(ready);
        }
    }
}

// ---- the clients

static int dial(int port) {
    int descriptor = set_no_delay(socket(AF_INET, SOCK_STREAM, 0));
    struct sockaddr_in address = loopback(port);
    check(connect(descriptor, (struct sockaddr *)&address, sizeof address), "connect");
    return descriptor;
}

static int dial_websocket(int port) {
    int descriptor = dial(port);
    check(send(descriptor, handshake, sizeof handshake - 1, MSG_NOSIGNAL), "send");
    char answer[1024];
    size_t length = 0;
    while (length < 4 || memcmp(answer + length - 4, "\r\n\r\n", 4) != 0) {
        // Byte by byte at the end only matters to a server that speaks first; ours does not.
        ssize_t got = recv(descriptor, answer + length, sizeof answer - length, 0);
        check(got > 0 ? 0 : -1, "handshake");
        length += (size_t)got;
    }
    if (memcmp(answer, "HTTP/1.1 101", 12) != 0) {
        fprintf(stderr, "no WebSocket at port %d\n", port);
        exit(1);
    }
    return descriptor;
}

/// A masked text frame (RFC 6455 5.2) of `size` letters; with a mask of zeros the letters stay.
static size_t make_frame(char *frame, size_t size) {
    size_t at = 0;
    frame[at++] = (char)0x81;
    if (size < 126) {
        frame[at++] = (char)(0x80 | size);
    } else {
        frame[at++] = (char)(0x80 | 126);
        frame[at++] = (char)(size >> 8);
        frame[at++] = (char)(size & 255);
    }
    memset(frame + at, 0, 4);
    memset(frame + at + 4, 'x', size);
    return at + 4 + size;
}

static void load(int is_websocket, int port, int connections, double seconds, size_t size) {
    static char message[65536 + 16], buffer[65536];
    memset(message, 'x', sizeof message);
    size_t length = is_websocket ? make_frame(message, size) : size;
    size_t reply = is_websocket ? length - 4 : size;
    int *descriptors = calloc((size_t)connections, sizeof *descriptors);
    size_t *missing = calloc((size_t)connections, sizeof *missing);
    int poll = epoll_create1(0);
    for (int i = 0; i < connections; i++) {
        descriptors[i] = is_websocket ? dial_websocket(port) : dial(port);
        watch(poll, descriptors[i], (uint32_t)i);
    }
    for (int i = 0; i < connections; i++) {
        missing[i] = reply;
        check(send(descriptors[i], message, length, MSG_NOSIGNAL), "send");
    }
    long answered = 0;
    double end = now() + seconds;
    while (now() < end) {
        struct epoll_event events[256];
        int count = epoll_wait(poll, events, 256, 100);
        for (int e = 0; e < count; e++) {
            uint32_t i = events[e].data.u32;
            ssize_t got = recv(descriptors[i], buffer, sizeof buffer, MSG_DONTWAIT);
            if (got < 0 && errno == EAGAIN) continue;
            check(got > 0 ? 0 : -1, "recv");
            missing[i] -= (size_t)got;
            if (missing[i] > 0) continue;
            answered++;
            missing[i] = reply;
            check(send(descriptors[i], message, length, MSG_NOSIGNAL), "send");
        }
    }
    printf("%ld\n", answered);
}

static void hold(int port, int connections, int seconds) {
    for (int i = 0; i < connections; i++) dial_websocket(port);
    puts("open");
    fflush(stdout);
    sleep((unsigned)seconds);
}

int main(int count, char **words) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    const char *mode = count > 2 ? words[1] : "";
    int port = count > 2 ? atoi(words[2]) : 0;
    if (strcmp(mode, "server") == 0) {
        serve(port);
    } else if (strcmp(mode, "idle") == 0 && count == 5) {
        hold(port, atoi(words[3]), atoi(words[4]));
    } else if ((strcmp(mode, "tcp") == 0 || strcmp(mode, "ws") == 0) && count == 6) {
        load(mode[0] == 'w', port, atoi(words[3]), atof(words[4]), (size_t)atol(words[5]));
    } else {
        fputs("usage: load server PORT | tcp|ws PORT CONNECTIONS SECONDS SIZE | idle PORT CONNECTIONS SECONDS\n", stderr);
        return 2;
    }
}
