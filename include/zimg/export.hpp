// ZIMG_API marks what libzimg exports; everything else in it is hidden.
#pragma once

#if defined(ZIMG_STATIC)
#define ZIMG_API
#else
#define ZIMG_API __attribute__((visibility("default")))
#endif
