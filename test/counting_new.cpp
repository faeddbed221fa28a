#include "test/counting_new.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

thread_local std::size_t made_here = 0;
std::atomic<std::int64_t> live{0};

void* counted(void* memory) {
    if (!memory)
        throw std::bad_alloc();
    ++made_here;
    live.fetch_add(1, std::memory_order_relaxed);
    return memory;
}

void* counted_or_null(void* memory) noexcept { return memory ? counted(memory) : nullptr; }

void release(void* memory) {
    if (memory)
        live.fetch_sub(1, std::memory_order_relaxed);
    std::free(memory);
}

} // namespace

std::size_t weir::test::allocations_here() { return made_here; }
std::int64_t weir::test::live_allocations() { return live.load(std::memory_order_relaxed); }

void* operator new(std::size_t size) { return counted(std::malloc(size ? size : 1)); }
void* operator new(std::size_t size, std::align_val_t alignment) {
    const auto multiple = static_cast<std::size_t>(alignment);
    return counted(std::aligned_alloc(multiple, (size + multiple - 1) / multiple * multiple));
}
// Libraries ask for the nothrow pair as well (std::stable_sort's buffer), and give back by the
// operator below: without them, the address sanitizer sees its own `new` meet our `delete`.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return counted_or_null(std::malloc(size ? size : 1));
}
void operator delete(void* memory, const std::nothrow_t&) noexcept { release(memory); }
void operator delete(void* memory) noexcept { release(memory); }
void operator delete(void* memory, std::size_t) noexcept { release(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { release(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { release(memory); }
