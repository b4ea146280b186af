// SPDX-License-Identifier: Apache-2.0
#pragma once
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>

// libcurl sets and reads options through varargs, which Swift cannot call: one wrapper for each type of value.
typedef size_t (*cc_data_callback)(char *, size_t, size_t, void *);
typedef int (*cc_seek_callback)(void *, curl_off_t, int);
typedef curl_socket_t (*cc_socket_callback)(void *, curlsocktype, struct curl_sockaddr *);
typedef int (*cc_prereq_callback)(void *, char *, char *, int, int);

static inline CURLcode cc_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode cc_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode cc_set_text(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode cc_set_pointer(CURL *easy, CURLoption option, const void *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode cc_set_data_callback(CURL *easy, CURLoption option, cc_data_callback value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode cc_set_seek_callback(CURL *easy, cc_seek_callback value) {
    return curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, value);
}
static inline CURLcode cc_set_socket_callback(CURL *easy, cc_socket_callback value) {
    return curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, value);
}
static inline CURLcode cc_set_prereq_callback(CURL *easy, cc_prereq_callback value) {
    return curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, value);
}
static inline CURLcode cc_get_long(CURL *easy, CURLINFO info, long *value) {
    return curl_easy_getinfo(easy, info, value);
}
static inline CURLcode cc_get_offset(CURL *easy, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(easy, info, value);
}
static inline CURLcode cc_get_pointer(CURL *easy, CURLINFO info, void **value) {
    return curl_easy_getinfo(easy, info, value);
}
static inline CURLMcode cc_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}
static inline CURLMcode cc_multi_set_pointer(CURLM *multi, CURLMoption option, void *value) {
    return curl_multi_setopt(multi, option, value);
}
static inline CURLMcode cc_multi_set_socket_callback(CURLM *multi, curl_socket_callback value) {
    return curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, value);
}
static inline CURLMcode cc_multi_set_timer_callback(CURLM *multi, curl_multi_timer_callback value) {
    return curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, value);
}
static inline CURLcode cc_result(const CURLMsg *message) { return message->data.result; }
static inline const struct sockaddr *cc_address(const struct curl_sockaddr *address) { return &address->addr; }
static inline void cc_name_thread(const char *name) { prctl(PR_SET_NAME, name); }
