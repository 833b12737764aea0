/*
 * The floor: what the machine gives when a server does nothing but the writes. Everybody is in one room; what anyone says goes to
 * everyone, as one write per connection and turn of epoll, however many messages that turn brought. No identity, no rooms, no
 * store, no heartbeat, and the handshake's key is not looked at: only the bench's own load speaks to it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST = 65536, EVENTS = 1024, CHUNK = 1 << 18 };

struct bytes { char *at; size_t length, room; };
struct person { int fd, open; struct bytes in, late; };

static struct person people[MOST];
static int listed[MOST], listed_at[MOST], count;
static struct bytes round_;

static void append(struct bytes *to, const char *from, size_t length) {
  if (to->length + length > to->room) {
    to->room = (to->length + length) * 2;
    to->at = realloc(to->at, to->room);
    if (!to->at) abort();
  }
  memcpy(to->at + to->length, from, length);
  to->length += length;
}

static void drop(struct bytes *from, size_t length) {
  from->length -= length;
  memmove(from->at, from->at + length, from->length);
}

static void part(struct person *one) {
  int at = listed_at[one->fd];
  listed[at] = listed[--count];
  listed_at[listed[at]] = at;
  free(one->in.at);
  free(one->late.at);
  close(one->fd);
  memset(one, 0, sizeof *one);
}

/* Takes whole client frames; those with text go to the round. 0: the connection is over. */
static int take(struct person *one) {
  size_t at = 0;
  struct bytes *in = &one->in;
  while (in->length - at >= 6) {
    unsigned char *head = (unsigned char *)in->at + at;
    size_t length = head[1] & 127, header = 6;
    if (length == 127) return 0;
    if (length == 126) {
      if (in->length - at < 8) break;
      length = (size_t)head[2] << 8 | head[3];
      header = 8;
    }
    if (in->length - at < header + length) break;
    unsigned char *mask = head + header - 4, *text = head + header;
    if ((head[0] & 15) == 8) return 0;
    if ((head[0] & 15) == 1) {
      for (size_t i = 0; i < length; i++) text[i] ^= mask[i & 3];
      char reply[4] = {(char)0x81, (char)(length < 126 ? length : 126), (char)(length >> 8), (char)length};
      append(&round_, reply, length < 126 ? 2 : 4);
      append(&round_, (char *)text, length);
    }
    at += header + length;
  }
  drop(in, at);
  return 1;
}

static int shake(struct person *one) {
  static const char answer[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
  char *end = memmem(one->in.at, one->in.length, "\r\n\r\n", 4);
  if (!end) return 1;
  drop(&one->in, (size_t)(end + 4 - one->in.at));
  one->open = 1;
  return write(one->fd, answer, sizeof answer - 1) == sizeof answer - 1;
}

static void watch(int epoll, int fd, uint32_t events, int how) {
  struct epoll_event event = {.events = events, .data.fd = fd};
  epoll_ctl(epoll, how, fd, &event);
}

static void send_to(int epoll, struct person *one, const char *at, size_t length) {
  if (one->late.length) {
    append(&one->late, at, length);
    return;
  }
  ssize_t sent = write(one->fd, at, length);
  if (sent < 0) sent = 0;
  if ((size_t)sent == length) return;
  append(&one->late, at + sent, length - (size_t)sent);
  watch(epoll, one->fd, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
}

int main(void) {
  static char chunk[CHUNK];
  static struct epoll_event events[EVENTS];
  struct rlimit files;
  signal(SIGPIPE, SIG_IGN);
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max < MOST ? files.rlim_max : MOST;
  setrlimit(RLIMIT_NOFILE, &files);
  int door = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), yes = 1, epoll = epoll_create1(0);
  struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof here;
  if (bind(door, (struct sockaddr *)&here, size) || listen(door, 4096) || getsockname(door, (struct sockaddr *)&here, &size)) return 1;
  watch(epoll, door, EPOLLIN, EPOLL_CTL_ADD);
  printf("listening on http://localhost:%d\n", ntohs(here.sin_port));
  fflush(stdout);
  for (;;) {
    int ready = epoll_wait(epoll, events, EVENTS, -1);
    for (int i = 0; i < ready; i++) {
      int fd = events[i].data.fd;
      if (fd == door) {
        for (int guest; (guest = accept4(door, 0, 0, SOCK_NONBLOCK)) >= 0;) {
          if (guest >= MOST) {
            close(guest);
            continue;
          }
          setsockopt(guest, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
          people[guest].fd = guest;
          listed_at[guest] = count;
          listed[count++] = guest;
          watch(epoll, guest, EPOLLIN, EPOLL_CTL_ADD);
        }
        continue;
      }
      struct person *one = &people[fd];
      if (events[i].events & EPOLLOUT && one->late.length) {
        ssize_t sent = write(fd, one->late.at, one->late.length);
        if (sent > 0) drop(&one->late, (size_t)sent);
        if (!one->late.length) watch(epoll, fd, EPOLLIN, EPOLL_CTL_MOD);
      }
      if (!(events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))) continue;
      ssize_t got = read(fd, chunk, CHUNK);
      if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
      if (got > 0) append(&one->in, chunk, (size_t)got);
      if (got <= 0 || (!one->open && !shake(one)) || (one->open && !take(one))) part(one);
    }
    if (round_.length) {
      for (int i = 0; i < count; i++)
        if (people[listed[i]].open) send_to(epoll, &people[listed[i]], round_.at, round_.length);
      round_.length = 0;
    }
  }
}
