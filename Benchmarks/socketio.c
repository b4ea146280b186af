// SPDX-License-Identifier: Apache-2.0
// Socket.IO clients over WebSocket, for what live-chat costs. One thread, no TLS.
//
//   socketio say PORT CONNECTIONS SECONDS    each with a session of its own says one message after the other and waits
//                                            to be told it; how many, on stdout
//   socketio fan PORT MEMBERS SECONDS        one of a room says one message after the other, each when the last has
//                                            reached all; deliveries, on stdout
//   socketio idle PORT CONNECTIONS           "open SECONDS" when all have a session, the time it took; held until the
//                                            end of stdin, then "still open: N"
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { session_size = 40, buffer_size = 2048, in_flight = 200 };
enum state { connecting, shaking, opening, joining, beginning, ready, gone };

struct client {
    int descriptor;
    enum state state;
    int filled;
    char session[session_size];
    char *buffer;
};

static struct client *clients;
static int count, started, opened, lost, poller, isFan;
static struct sockaddr_in address;
static char room[session_size];
static long told;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void put(struct client *client, const char *bytes, size_t size) {
    if (send(client->descriptor, bytes, size, MSG_NOSIGNAL) != (ssize_t)size) fail("send");
}

// A masked text frame; the mask is zero, which a server cannot tell from any other.
static void say(struct client *client, const char *text) {
    char frame[512];
    size_t size = strlen(text), head = size < 126 ? 6 : 8;
    frame[0] = (char)0x81;
    frame[1] = (char)(0x80 | (size < 126 ? size : 126));
    if (size >= 126) {
        frame[2] = (char)(size >> 8);
        frame[3] = (char)size;
    }
    memset(frame + head - 4, 0, 4);
    memcpy(frame + head, text, size);
    put(client, frame, head + size);
}

static void speak(struct client *client) {
    char text[300];
    snprintf(text, sizeof text, "42[\"user_message\",{\"sessionId\":\"%s\",\"content\":\"Hello, I need help!\"}]", client->session);
    say(client, text);
}

static void hear(struct client *client, const char *text, size_t size, int running) {
    if (size == 1 && text[0] == '2') return say(client, "3");
    if (client->state == opening && text[0] == '0') {
        client->state = joining;
        return say(client, "40");
    }
    if (client->state == joining && size > 2 && text[0] == '4' && text[1] == '0') {
        char ask[120];
        client->state = beginning;
        snprintf(ask, sizeof ask, isFan && room[0] ? "420[\"init_session\",{\"sessionId\":\"%s\"}]" : "420[\"init_session\",{}]", room);
        return say(client, ask);
    }
    if (client->state == beginning && size > 2 && text[1] == '3') {
        const char *at = memmem(text, size, "\"sessionId\":\"", 13);
        if (!at || at + 13 + 36 > text + size) return;
        memcpy(client->session, at + 13, 36);
        if (!room[0]) memcpy(room, client->session, 36);
        client->state = ready;
        ++opened;
        return;
    }
    if (client->state != ready || size < 12 || memcmp(text, "42[\"message\"", 12)) return;
    ++told;
    if (running && !isFan) speak(client);
}

static void shake(struct client *client) {
    static const char request[] = "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
                                  "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    client->state = shaking;
    put(client, request, sizeof request - 1);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
    if (epoll_ctl(poller, EPOLL_CTL_MOD, client->descriptor, &event)) fail("epoll_ctl");
}

static void lose(struct client *client) {
    if (client->state != ready) ++lost; else --opened;
    client->state = gone;
    close(client->descriptor);
}

static void take(struct client *client, int running) {
    if (client->state == shaking) {
        char *end = memmem(client->buffer, (size_t)client->filled, "\r\n\r\n", 4);
        if (!end) return;
        if (memcmp(client->buffer, "HTTP/1.1 101", 12)) return lose(client);
        client->filled -= (int)(end + 4 - client->buffer);
        memmove(client->buffer, end + 4, (size_t)client->filled);
        client->state = opening;
    }
    int at = 0;
    while (client->filled - at >= 2) {
        unsigned char *frame = (unsigned char *)client->buffer + at;
        int size = frame[1] & 127, head = 2;
        if (size == 126) {
            if (client->filled - at < 4) break;
            size = frame[2] << 8 | frame[3];
            head = 4;
        }
        if (client->filled - at < head + size) break;
        if ((frame[0] & 15) == 8) return lose(client);
        if ((frame[0] & 15) == 1) hear(client, (char *)frame + head, (size_t)size, running);
        at += head + size;
    }
    memmove(client->buffer, client->buffer + at, (size_t)(client->filled - at));
    client->filled -= at;
}

static void begin(struct client *client) {
    client->descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (client->descriptor < 0) fail("socket");
    int one = 1;
    setsockopt(client->descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    client->buffer = malloc(buffer_size);
    if (connect(client->descriptor, (void *)&address, sizeof address) && errno != EINPROGRESS) fail("connect");
    struct epoll_event event = {.events = EPOLLOUT, .data.ptr = client};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, client->descriptor, &event)) fail("epoll_ctl");
}

static void turn(int milliseconds, int running) {
    struct epoll_event events[256];
    // In a room the first one makes the session that the others join.
    while (started < count && started - opened - lost < in_flight && (!isFan || !started || room[0])) begin(&clients[started++]);
    int found = epoll_wait(poller, events, 256, milliseconds);
    for (int index = 0; index < found; ++index) {
        struct client *client = events[index].data.ptr;
        if (client->state == gone) continue;
        if (client->state == connecting) {
            events[index].events & (EPOLLERR | EPOLLHUP) ? lose(client) : shake(client);
            continue;
        }
        ssize_t size = recv(client->descriptor, client->buffer + client->filled, (size_t)(buffer_size - client->filled), 0);
        if (size <= 0) {
            if (size == 0 || errno != EAGAIN) lose(client);
            continue;
        }
        client->filled += (int)size;
        take(client, running);
    }
}

int main(int argc, char **argv) {
    if (argc < 4) return fprintf(stderr, "usage: see the head of socketio.c\n"), 2;
    struct rlimit limit = {100000, 100000};
    setrlimit(RLIMIT_NOFILE, &limit);
    isFan = !strcmp(argv[1], "fan");
    address.sin_family = AF_INET;
    address.sin_port = htons((uint16_t)atoi(argv[2]));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    count = atoi(argv[3]);
    clients = calloc((size_t)count, sizeof *clients);
    poller = epoll_create1(0);
    double start = now();
    while (opened + lost < count && now() < start + 60) turn(20, 0);
    if (lost || opened < count) return fprintf(stderr, "socketio: %d of %d opened, %d lost\n", opened, count, lost), 1;
    if (!strcmp(argv[1], "idle")) {
        printf("open %.3f\n", now() - start);
        fflush(stdout);
        fcntl(0, F_SETFL, O_NONBLOCK);
        for (char byte; read(0, &byte, 1) != 0;) turn(100, 0);
        return printf("still open: %d\n", opened), 0;
    }
    double until = now() + atof(argv[4]);
    if (isFan) {
        long wanted = 0;
        while (now() < until) {
            wanted += count;
            speak(&clients[0]);
            while (told < wanted && now() < until + 10) turn(10, 1);
        }
    } else {
        for (int index = 0; index < count; ++index) speak(&clients[index]);
        while (now() < until) turn(10, 1);
    }
    return printf("%ld\n", told), lost > 0;
}
