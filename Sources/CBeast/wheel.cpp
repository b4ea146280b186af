// SPDX-License-Identifier: Apache-2.0
#include "wheel.hpp"
#include <algorithm>

namespace cb {

Wheel::Wheel() {
    for (auto &slot : slots_) slot.before_ = slot.after_ = &slot;
}

void Wheel::set(Timed &entry, uint64_t due, uint64_t now) {
    if (count_ == 0 && !advancing_) reached_ = now / tick_ms;
    entry.due_ = due;
    uint64_t tick = std::clamp((due + tick_ms - 1) / tick_ms, reached_ + 1, reached_ + slots - 1);
    if (!entry.before_) {
        link(entry, tick);
    } else if (tick < entry.slot_) {
        unlink(entry);
        link(entry, tick);
    }
}

void Wheel::remove(Timed &entry) {
    entry.due_ = 0;
    if (entry.before_) unlink(entry);
}

void Wheel::link(Timed &entry, uint64_t slot) {
    Timed &head = slots_[slot % slots];
    entry.slot_ = slot;
    entry.before_ = head.before_;
    entry.after_ = &head;
    head.before_->after_ = &entry;
    head.before_ = &entry;
    ++count_;
}

void Wheel::unlink(Timed &entry) {
    entry.before_->after_ = entry.after_;
    entry.after_->before_ = entry.before_;
    entry.before_ = entry.after_ = nullptr;
    --count_;
}

void Wheel::visit(Timed &entry, uint64_t now) {
    unlink(entry);
    if (entry.due_ == 0) return;
    if (entry.due_ > now) return set(entry, entry.due_, now);
    entry.due_ = 0;
    entry.expired();
}

void Wheel::advance(uint64_t now) {
    uint64_t target = now / tick_ms;
    advancing_ = true;
    // After a pause longer than the wheel, one round sees every entry.
    if (target > reached_ + slots) reached_ = target - slots;
    while (reached_ < target) {
        ++reached_;
        // What `expired` links goes to later slots, so this ends.
        Timed &head = slots_[reached_ % slots];
        while (head.after_ != &head) visit(*head.after_, now);
    }
    advancing_ = false;
}

} // namespace cb
