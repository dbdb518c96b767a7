/* The reader of replies and the formatting of commands; the transport is SwiftNIO's. */
#include <hiredis/hiredis.h>
