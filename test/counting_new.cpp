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
void operator delete(void* memory) noexcept { release(memory); }
void operator delete(void* memory, std::size_t) noexcept { release(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { release(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { release(memory); }
