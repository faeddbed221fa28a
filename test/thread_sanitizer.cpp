// What the thread sanitizer must not report: libzmq is not built with it, so it sees libzmq's
// threads at work and not what orders them. The first line passes over what libzmq itself
// allocates, copies and frees, the second, which is slow, over the templates that libzmq borrows
// from the program. Where both sides of a race are weir's own, with no libzmq beneath, it is
// reported as ever.
#if defined(__SANITIZE_THREAD__)

extern "C" const char* __tsan_default_suppressions();

const char* __tsan_default_suppressions() {
    return "called_from_lib:libzmq.so\n"
           "race:libzmq.so\n";
}

#endif
