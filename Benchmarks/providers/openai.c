// SPDX-License-Identifier: Apache-2.0
// A cheap OpenAI-compatible upstream, and a client that measures what stands between: one thread each, epoll.
//
//   openai serve PORT TOKENS GAP_MS [SLOW_EVERY SLOW_MS]   answers each POST; streams TOKENS pieces GAP_MS apart, each with
//                                                          the time it was sent at. Every SLOW_EVERYth answer begins late
//   openai ask PORT CONNECTIONS CALLS plain|stream MODEL [TOKEN]
//                                                          CALLS questions over CONNECTIONS; one line of JSON on stdout
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { capacity = 1 << 17, most = 4096 };

typedef struct {
    int fd, used, left, is_open, got;
    uint64_t due, began, first;
    char bytes[capacity];
} Peer;

static Peer *peers[most];

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000ull + time.tv_nsec;
}

static void check(long result, const char *what) {
    if (result >= 0) return;
    perror(what);
    exit(1);
}

static struct sockaddr_in address(int port) {
    struct sockaddr_in there = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, "127.0.0.1", &there.sin_addr);
    return there;
}

static void say(int fd, const char *text, int length) {
    while (length > 0) {
        long sent = send(fd, text, length, MSG_NOSIGNAL);
        if (sent < 0 && errno == EAGAIN) continue;
        if (sent <= 0) return;
        text += sent;
        length -= sent;
    }
}

static void say_chunk(int fd, const char *text) {
    char out[1024];
    int length = snprintf(out, sizeof out, "%zx\r\n%s\r\n", strlen(text), text);
    say(fd, out, length);
}

static void say_piece(Peer *peer, const char *delta, const char *reason) {
    char out[768];
    snprintf(out, sizeof out,
             "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"bench\","
             "\"choices\":[{\"index\":0,\"delta\":{%s},\"finish_reason\":%s}]}\n\n", delta, reason);
    say_chunk(peer->fd, out);
}

static void stream(Peer *peer, uint64_t gap) {
    if (peer->left > 0) {
        char delta[64];
        snprintf(delta, sizeof delta, "\"content\":\"T%llu;\"", (unsigned long long)now());
        say_piece(peer, delta, "null");
        peer->left--;
        peer->due += gap;
        return;
    }
    say_piece(peer, "", "\"stop\"");
    say_chunk(peer->fd, "data: [DONE]\n\n");
    say(peer->fd, "0\r\n\r\n", 5);
    peer->left = -1;
}

static const char *whole_body =
    "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1700000000,\"model\":\"bench\",\"choices\":[{\"index\":0,"
    "\"message\":{\"role\":\"assistant\",\"content\":\"You can park behind the house for two hours.\"},\"finish_reason\":\"stop\"}],"
    "\"usage\":{\"prompt_tokens\":21,\"completion_tokens\":11,\"total_tokens\":32}}";

// A whole request begins the answer to it; true when there was one.
static int begin(Peer *peer, int tokens, uint64_t late) {
    peer->bytes[peer->used] = 0;
    char *end = memmem(peer->bytes, peer->used, "\r\n\r\n", 4);
    if (!end) return 0;
    char *field = strcasestr(peer->bytes, "content-length:");
    int whole = end + 4 - peer->bytes + (field && field < end ? atoi(field + 15) : 0);
    if (peer->used < whole) return 0;
    int is_stream = memmem(end, whole - (end - peer->bytes), "\"stream\":true", 13) != NULL
        || memmem(end, whole - (end - peer->bytes), "\"stream\": true", 14) != NULL;
    memmove(peer->bytes, peer->bytes + whole, peer->used -= whole);
    if (is_stream) {
        const char *head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
        say(peer->fd, head, strlen(head));
        peer->left = tokens;
        peer->due = now() + late;
    } else {
        char out[1024];
        int length = snprintf(out, sizeof out, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                              strlen(whole_body), whole_body);
        say(peer->fd, out, length);
    }
    return 1;
}

static Peer *peer_of(int fd) {
    if (fd >= most) exit(1);
    if (!peers[fd]) peers[fd] = calloc(1, sizeof(Peer));
    Peer *peer = peers[fd];
    peer->fd = fd;
    peer->used = 0;
    peer->left = -1;
    peer->is_open = 1;
    return peer;
}

static int serve(int argc, char **argv) {
    int tokens = atoi(argv[3]), slow_every = argc > 5 ? atoi(argv[5]) : 0, served = 0, one = 1;
    uint64_t gap = atof(argv[4]) * 1e6, slow = argc > 6 ? atof(argv[6]) * 1e6 : 0;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in here = address(atoi(argv[2]));
    check(bind(listener, (void *)&here, sizeof here), "bind");
    check(listen(listener, 4096), "listen");
    int queue = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[256];
    epoll_ctl(queue, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        uint64_t time = now(), next = time + 100000000;
        for (int fd = 0; fd < most; fd++) {
            Peer *peer = peers[fd];
            if (!peer || !peer->is_open) continue;
            while (peer->left >= 0 && peer->due <= time) stream(peer, gap);
            if (peer->left >= 0 && peer->due < next) next = peer->due;
        }
        uint64_t moment = now(), rest = next > moment ? next - moment : 0;
        struct timespec wait = {.tv_sec = rest / 1000000000, .tv_nsec = rest % 1000000000};
        int count = epoll_pwait2(queue, events, 256, &wait, NULL);
        for (int index = 0; index < count; index++) {
            int fd = events[index].data.fd;
            if (fd == listener) {
                while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
                    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                    peer_of(fd);
                    event.data.fd = fd;
                    epoll_ctl(queue, EPOLL_CTL_ADD, fd, &event);
                }
                continue;
            }
            Peer *peer = peers[fd];
            long got = recv(fd, peer->bytes + peer->used, capacity - 1 - peer->used, 0);
            if (got < 0 && errno == EAGAIN) continue;
            if (got <= 0) {
                peer->is_open = 0;
                close(fd);
                continue;
            }
            peer->used += got;
            while (begin(peer, tokens, slow_every && ++served % slow_every == 0 ? slow : 0)) {}
        }
    }
    return 0;
}

static int by_size(const void *a, const void *b) {
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static double share(double *values, int count, double part) {
    if (!count) return -1;
    qsort(values, count, sizeof *values, by_size);
    return values[(int)(part * (count - 1))];
}

static int ask(int argc, char **argv) {
    int port = atoi(argv[2]), connections = atoi(argv[3]), calls = atoi(argv[4]), is_stream = !strcmp(argv[5], "stream"), one = 1;
    char body[512], request[1024];
    int length = snprintf(body, sizeof body, "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"where do I park\"}]%s}",
                          argv[6], is_stream ? ",\"stream\":true" : "");
    int size = snprintf(request, sizeof request,
                        "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        "Authorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s", argc > 7 ? argv[7] : "none", length, body);
    double *took = calloc(calls + connections, sizeof *took), *first = calloc(calls + connections, sizeof *first);
    int room = 4000000, pieces = 0, done = 0, sent = 0, failed = 0;
    double *delays = calloc(room, sizeof *delays);
    int queue = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN}, events[256];
    struct sockaddr_in there = address(port);
    for (int index = 0; index < connections; index++) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        check(connect(fd, (void *)&there, sizeof there), "connect");
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        event.data.fd = fd;
        epoll_ctl(queue, EPOLL_CTL_ADD, fd, &event);
        Peer *peer = peer_of(fd);
        peer->began = now();
        peer->first = 0;
        say(fd, request, size);
        sent++;
    }
    uint64_t start = now();
    while (done < calls) {
        int count = epoll_wait(queue, events, 256, 60000);
        if (count <= 0) return fprintf(stderr, "nothing came for a minute\n"), 1;
        for (int index = 0; index < count; index++) {
            Peer *peer = peers[events[index].data.fd];
            long got = recv(peer->fd, peer->bytes + peer->used, capacity - 1 - peer->used, 0);
            if (got <= 0) return fprintf(stderr, "the connection ended: %s\n", peer->bytes), 1;
            uint64_t time = now();
            char *fresh = peer->bytes + peer->used;
            peer->used += got;
            peer->bytes[peer->used] = 0;
            if (!peer->first && (strstr(peer->bytes, "\"content\":\"T") || !is_stream)) peer->first = time;
            for (char *mark = fresh; (mark = strstr(mark, "\"T")) && pieces < room; mark += 2)
                delays[pieces++] = (time - strtoull(mark + 2, NULL, 10)) / 1e3;
            int is_over;
            if (is_stream) {
                is_over = strstr(peer->bytes, "[DONE]") && strstr(peer->bytes, "\r\n0\r\n\r\n");
            } else {
                char *end = strstr(peer->bytes, "\r\n\r\n"), *field = strcasestr(peer->bytes, "content-length:");
                is_over = end && ((field && peer->used >= end + 4 - peer->bytes + atoi(field + 15)) || strstr(end, "\r\n0\r\n\r\n"));
            }
            if (!is_over) continue;
            if (strncmp(peer->bytes + 9, "200", 3)) failed++;
            took[done] = (time - peer->began) / 1e3;
            first[done++] = ((peer->first ? peer->first : time) - peer->began) / 1e3;
            peer->used = 0;
            if (sent >= calls) continue;
            peer->first = 0;
            peer->began = now();
            say(peer->fd, request, size);
            sent++;
        }
    }
    double seconds = (now() - start) / 1e9;
    printf("{\"calls\":%d,\"failed\":%d,\"seconds\":%.3f,\"took_p50\":%.1f,\"took_p99\":%.1f,\"first_p50\":%.1f,\"first_p99\":%.1f,"
           "\"pieces\":%d,\"delay_p50\":%.1f,\"delay_p99\":%.1f,\"delay_max\":%.1f}\n",
           done, failed, seconds, share(took, done, 0.5), share(took, done, 0.99), share(first, done, 0.5), share(first, done, 0.99),
           pieces, share(delays, pieces, 0.5), share(delays, pieces, 0.99), share(delays, pieces, 1));
    return 0;
}

int main(int argc, char **argv) {
    if (argc > 4 && !strcmp(argv[1], "serve")) return serve(argc, argv);
    if (argc > 6 && !strcmp(argv[1], "ask")) return ask(argc, argv);
    return fprintf(stderr, "usage: openai serve|ask ...\n"), 2;
}
