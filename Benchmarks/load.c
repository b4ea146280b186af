// SPDX-License-Identifier: Apache-2.0
// What the benchmarks measure with: an echo server that does nothing but epoll, and clients that keep one message of
// each conversation on its way. One thread, no TLS.
//
//   load server PORT                                      echo bytes until killed
//   load tcp|ws PORT CONNECTIONS SECONDS SIZE             messages answered, on stdout
//   load idle PORT CONNECTIONS [TOKEN [IDS]]              WebSockets held open; "open" on stdout when all are; at the
//                                                         end of stdin "still open: N". With IDS each opens one
//   load talk PORT IDS MEMBERS FRAMES SECONDS TOKEN TEXT  MEMBERS sockets in each conversation take turns in saying
//                                                         TEXT, which every one of them is told as FRAMES messages
//   load post PORT IDS SECONDS TOKEN TEXT                 the same over REST, a connection for each conversation
// IDS is a file with one conversation id a line.
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

enum { id_size = 64, buffer_size = 16384 };

static void fail(const char *what) {
    fprintf(stderr, "load: %s\n", what);
    exit(1);
}

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

// ---- connections

static int dial(int port) {
    int descriptor = set_no_delay(socket(AF_INET, SOCK_STREAM, 0));
    struct sockaddr_in address = loopback(port);
    check(connect(descriptor, (struct sockaddr *)&address, sizeof address), "connect");
    return descriptor;
}

static void send_all(int descriptor, const char *bytes, size_t size) {
    check(send(descriptor, bytes, size, MSG_NOSIGNAL) == (ssize_t)size ? 0 : -1, "send");
}

/// Without a token a bare echo at /ws, with one the native API.
static int dial_websocket(int port, const char *token) {
    int descriptor = dial(port);
    char text[8192];
    int length = snprintf(text, sizeof text,
                          "GET %s HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s%s%s\r\n",
                          token ? "/v1/ws" : "/ws", token ? "Authorization: Bearer " : "", token ? token : "",
                          token ? "\r\n" : "");
    send_all(descriptor, text, (size_t)length);
    size_t got = 0;
    while (got < 4 || memcmp(text + got - 4, "\r\n\r\n", 4) != 0) {
        ssize_t more = recv(descriptor, text + got, sizeof text - got, 0);
        if (more <= 0) fail("the handshake was cut");
        got += (size_t)more;
    }
    if (memcmp(text, "HTTP/1.1 101", 12) != 0) fail("no WebSocket there");
    return descriptor;
}

/// A masked text frame (RFC 6455 5.2); with a mask of zeros the letters stay.
static size_t make_frame(char *frame, const char *text, size_t size) {
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
    memcpy(frame + at + 4, text, size);
    return at + 4 + size;
}

static void send_text(int descriptor, const char *text) {
    static char frame[8192];
    send_all(descriptor, frame, make_frame(frame, text, strlen(text)));
}

static char (*read_ids(const char *path, int *count))[id_size] {
    FILE *file = fopen(path, "r");
    if (!file) fail("no such file of ids");
    char(*ids)[id_size] = calloc(65536, id_size);
    *count = 0;
    while (*count < 65536 && fscanf(file, "%63s", ids[*count]) == 1) ++*count;
    fclose(file);
    return ids;
}

// ---- echoes

static void echoes(int is_websocket, int port, int connections, double seconds, size_t size) {
    static char text[65536], message[65536 + 16], buffer[65536];
    memset(text, 'x', sizeof text);
    memcpy(message, text, sizeof text);
    size_t length = is_websocket ? make_frame(message, text, size) : size;
    size_t reply = is_websocket ? length - 4 : size;
    int *descriptors = calloc((size_t)connections, sizeof *descriptors);
    size_t *missing = calloc((size_t)connections, sizeof *missing);
    int poll = epoll_create1(0);
    for (int i = 0; i < connections; i++) {
        descriptors[i] = is_websocket ? dial_websocket(port, NULL) : dial(port);
        watch(poll, descriptors[i], (uint32_t)i);
    }
    for (int i = 0; i < connections; i++) {
        missing[i] = reply;
        send_all(descriptors[i], message, length);
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
            if (got <= 0) fail("an echo was cut");
            missing[i] -= (size_t)got;
            if (missing[i] > 0) continue;
            answered++;
            missing[i] = reply;
            send_all(descriptors[i], message, length);
        }
    }
    printf("%ld\n", answered);
}

// ---- conversations

/// What has come on a connection and is not yet a whole frame or answer.
struct inbox {
    int descriptor;
    size_t used;
    char bytes[buffer_size + 1];
};

static int receive(struct inbox *inbox) {
    ssize_t got = recv(inbox->descriptor, inbox->bytes + inbox->used, buffer_size - inbox->used, MSG_DONTWAIT);
    if (got < 0 && errno == EAGAIN) return 0;
    if (got <= 0) fail("a connection was cut");
    inbox->used += (size_t)got;
    return 1;
}

static void consume(struct inbox *inbox, size_t count) {
    memmove(inbox->bytes, inbox->bytes + count, inbox->used - count);
    inbox->used -= count;
}

/// Takes whole frames out; the number of those that tell a message.
static int take_messages(struct inbox *inbox) {
    static const char told[] = "{\"type\":\"message\"", wrong[] = "{\"type\":\"error\"";
    size_t at = 0;
    int messages = 0;
    while (inbox->used - at >= 4) {
        const unsigned char *frame = (unsigned char *)inbox->bytes + at;
        size_t head = 2, size = frame[1];
        if (size == 126) head = 4, size = (size_t)frame[2] << 8 | frame[3];
        if (size > buffer_size - 4) fail("too large a frame");
        if (inbox->used - at < head + size) break;
        const char *text = (const char *)frame + head;
        if ((frame[0] & 15) == 8) fail("a socket was closed");
        if (size > sizeof wrong && memcmp(text, wrong, sizeof wrong - 1) == 0) fail(text);
        messages += size > sizeof told && memcmp(text, told, sizeof told - 1) == 0;
        at += head + size;
    }
    consume(inbox, at);
    return messages;
}

static void say(struct inbox *inboxes, int members, int turn, const char *id, const char *text) {
    char frame[4096];
    snprintf(frame, sizeof frame, "{\"type\":\"message\",\"conversation\":\"%s\",\"text\":\"%s\"}", id, text);
    send_text(inboxes[turn % members].descriptor, frame);
}

static struct inbox *open_members(int port, int count, int members, char (*ids)[id_size], const char *token) {
    struct inbox *inboxes = calloc((size_t)(count * members), sizeof *inboxes);
    for (int i = 0; i < count * members; i++) {
        char frame[256];
        snprintf(frame, sizeof frame, "{\"type\":\"open\",\"conversation\":\"%s\"}", ids[i / members]);
        inboxes[i].descriptor = dial_websocket(port, token);
        send_text(inboxes[i].descriptor, frame);
        while (!memmem(inboxes[i].bytes, inboxes[i].used, "\"opened\"", 8)) receive(&inboxes[i]);
        inboxes[i].used = 0;
    }
    return inboxes;
}

static void talk(int port, const char *path, int members, int frames, double seconds, const char *token,
                 const char *text) {
    int count;
    char(*ids)[id_size] = read_ids(path, &count);
    struct inbox *inboxes = open_members(port, count, members, ids, token);
    int *missing = calloc((size_t)count, sizeof *missing), *turns = calloc((size_t)count, sizeof *turns);
    int poll = epoll_create1(0);
    for (int i = 0; i < count * members; i++) watch(poll, inboxes[i].descriptor, (uint32_t)i);
    for (int c = 0; c < count; c++) {
        missing[c] = members * frames;
        say(inboxes + c * members, members, turns[c], ids[c], text);
    }
    long answered = 0;
    double end = now() + seconds;
    while (now() < end) {
        struct epoll_event events[256];
        int ready = epoll_wait(poll, events, 256, 100);
        for (int e = 0; e < ready; e++) {
            int i = (int)events[e].data.u32, c = i / members;
            if (!receive(&inboxes[i])) continue;
            missing[c] -= take_messages(&inboxes[i]);
            if (missing[c] > 0) continue;
            answered++;
            missing[c] = members * frames;
            say(inboxes + c * members, members, ++turns[c], ids[c], text);
        }
    }
    printf("%ld\n", answered);
}

/// The length of the whole answer at the front; 0 while it is incomplete.
static size_t answer_length(struct inbox *inbox) {
    char *end = memmem(inbox->bytes, inbox->used, "\r\n\r\n", 4);
    if (!end) return 0;
    if (memcmp(inbox->bytes, "HTTP/1.1 200", 12) != 0) {
        inbox->bytes[inbox->used] = 0;
        fail(inbox->bytes);
    }
    *end = 0;
    char *field = strcasestr(inbox->bytes, "content-length:");
    *end = '\r';
    if (!field) fail("an answer without a length");
    size_t whole = (size_t)(end - inbox->bytes) + 4 + (size_t)atol(field + 15);
    return inbox->used >= whole ? whole : 0;
}

static size_t make_post(char *out, size_t room, const char *id, const char *token, const char *text) {
    return (size_t)snprintf(out, room,
                            "POST /v1/conversations/%s/messages HTTP/1.1\r\nHost: localhost\r\n"
                            "Authorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n"
                            "{\"text\":\"%s\"}",
                            id, token, strlen(text) + 11, text);
}

static void post(int port, const char *path, double seconds, const char *token, const char *text) {
    int count;
    char(*ids)[id_size] = read_ids(path, &count);
    struct inbox *inboxes = calloc((size_t)count, sizeof *inboxes);
    char(*requests)[4096] = calloc((size_t)count, sizeof *requests);
    size_t *lengths = calloc((size_t)count, sizeof *lengths);
    int poll = epoll_create1(0);
    for (int c = 0; c < count; c++) {
        inboxes[c].descriptor = dial(port);
        watch(poll, inboxes[c].descriptor, (uint32_t)c);
        lengths[c] = make_post(requests[c], sizeof requests[c], ids[c], token, text);
        send_all(inboxes[c].descriptor, requests[c], lengths[c]);
    }
    long answered = 0;
    double end = now() + seconds;
    while (now() < end) {
        struct epoll_event events[256];
        int ready = epoll_wait(poll, events, 256, 100);
        for (int e = 0; e < ready; e++) {
            int c = (int)events[e].data.u32;
            if (!receive(&inboxes[c])) continue;
            size_t whole = answer_length(&inboxes[c]);
            if (!whole) continue;
            consume(&inboxes[c], whole);
            answered++;
            send_all(inboxes[c].descriptor, requests[c], lengths[c]);
        }
    }
    printf("%ld\n", answered);
}

// ---- silence

static void hold(int port, int connections, const char *token, const char *path) {
    int count = 0, open = 0;
    char(*ids)[id_size] = path ? read_ids(path, &count) : NULL;
    int *descriptors = calloc((size_t)connections, sizeof *descriptors);
    for (int i = 0; i < connections; i++) {
        descriptors[i] = dial_websocket(port, token);
        if (!count) continue;
        char frame[256], answer[1024];
        snprintf(frame, sizeof frame, "{\"type\":\"open\",\"conversation\":\"%s\"}", ids[i % count]);
        send_text(descriptors[i], frame);
        ssize_t got = recv(descriptors[i], answer, sizeof answer, 0);
        if (got <= 0 || !memmem(answer, (size_t)got, "\"opened\"", 8)) fail("a conversation was not opened");
    }
    puts("open");
    fflush(stdout);
    while (getchar() != EOF) {}
    for (int i = 0; i < connections; i++) {
        unsigned char head[2];
        ssize_t got = recv(descriptors[i], head, sizeof head, MSG_DONTWAIT);
        open += got > 0 ? (head[0] & 15) != 8 : got < 0 && errno == EAGAIN;
    }
    printf("still open: %d\n", open);
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
    } else if (strcmp(mode, "idle") == 0 && count >= 4 && count <= 6) {
        hold(port, atoi(words[3]), count > 4 ? words[4] : NULL, count > 5 ? words[5] : NULL);
    } else if (strcmp(mode, "talk") == 0 && count == 9) {
        talk(port, words[3], atoi(words[4]), atoi(words[5]), atof(words[6]), words[7], words[8]);
    } else if (strcmp(mode, "post") == 0 && count == 7) {
        post(port, words[3], atof(words[4]), words[5], words[6]);
    } else if ((strcmp(mode, "tcp") == 0 || strcmp(mode, "ws") == 0) && count == 6) {
        echoes(mode[0] == 'w', port, atoi(words[3]), atof(words[4]), (size_t)atol(words[5]));
    } else {
        fputs("load: see the first lines of load.c\n", stderr);
        return 2;
    }
}
