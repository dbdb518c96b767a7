#include <libpq-fe.h>
/* Not in Swift's module of the C library; ReadinessLoop waits for libpq's sockets with it. */
#include <sys/epoll.h>
