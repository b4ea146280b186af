// SPDX-License-Identifier: Apache-2.0
// Deadlines of connections, cheap to move.
//
// A request moves its connection's deadline three times. A timer per connection would cost a heap operation
// each; here moving a deadline later is one store: the entry stays in its old slot and is put where it
// belongs when that slot comes round. Invariant: an entry is never in a slot later than its deadline. One
// thread only.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

namespace cb {

/// Something with a deadline. It must leave the wheel (`Wheel::remove`) before it is destroyed.
class Timed {
protected:
    ~Timed() = default;
    /// The deadline has passed; it is forgotten already, so the object may set another or destroy itself.
    virtual void expired() = 0;

private:
    friend class Wheel;
    Timed *before_ = nullptr, *after_ = nullptr;
    uint64_t due_ = 0;
    uint64_t slot_ = 0;
};

class Wheel {
public:
    static constexpr uint64_t tick_ms = 25;

    Wheel();
    bool empty() const { return count_ == 0; }
    /// Sets the deadline in milliseconds of the same clock as `now`.
    void set(Timed &entry, uint64_t due, uint64_t now);
    /// Forgets the deadline; the entry may stay linked.
    void clear(Timed &entry) { entry.due_ = 0; }
    void remove(Timed &entry);
    void advance(uint64_t now);

private:
    struct Slot final : Timed {
        void expired() override {}
    };
    static constexpr uint64_t slots = 1024;

    void link(Timed &entry, uint64_t slot);
    void unlink(Timed &entry);
    void visit(Timed &entry, uint64_t now);

    std::array<Slot, slots> slots_;
    uint64_t reached_ = 0; // ticks
    size_t count_ = 0;
    bool advancing_ = false;
};

} // namespace cb
