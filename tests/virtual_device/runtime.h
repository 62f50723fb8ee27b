// What PyTorch asks of any accelerator: streams, events, the current device, and memory that is counted.
#pragma once

#include <ATen/detail/PrivateUse1HooksInterface.h>
#include <ATen/native/Resize.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <c10/core/impl/alloc_cpu.h>

#include "machine.h"

namespace virtual_device {

constexpr auto kind = c10::DeviceType::PrivateUse1;
inline thread_local c10::StreamId current_stream = 0;

inline c10::Device place() {
  return {kind, 0};
}

inline c10::Stream stream_of(c10::StreamId id) {
  return c10::Stream(c10::Stream::UNSAFE, place(), id);
}

// One device, whose memory is the host's. An event is the time at which the device reaches it.
struct Guard final : c10::impl::DeviceGuardImplInterface {
  c10::DeviceType type() const override { return kind; }
  c10::Device exchangeDevice(c10::Device) const override { return place(); }
  c10::Device getDevice() const override { return place(); }
  void setDevice(c10::Device) const override {}
  void uncheckedSetDevice(c10::Device) const noexcept override {}
  c10::DeviceIndex deviceCount() const noexcept override { return 1; }

  c10::Stream getStream(c10::Device) const override { return stream_of(current_stream); }
  c10::Stream getDefaultStream(c10::Device) const override { return stream_of(0); }
  c10::Stream getStreamFromGlobalPool(c10::Device, bool) const override { return next(); }
  c10::Stream getNewStream(c10::Device, int) const override { return next(); }
  c10::Stream exchangeStream(c10::Stream stream) const override {
    return stream_of(std::exchange(current_stream, stream.id()));
  }
  bool queryStream(const c10::Stream& stream) const override {
    return Machine::get().busy(stream.id()) <= Machine::get().host();
  }
  void synchronizeStream(const c10::Stream& stream) const override {
    Machine::get().wait(Machine::get().busy(stream.id()));
  }
  void synchronizeDevice(c10::DeviceIndex) const override { Machine::get().wait(Machine::get().busy()); }

  void record(void** event, const c10::Stream& stream, c10::DeviceIndex, c10::EventFlag) const override {
    if (*event == nullptr) *event = new Nanoseconds;
    time(*event) = Machine::get().record(stream.id());
  }
  void destroyEvent(void* event, c10::DeviceIndex) const noexcept override {
    delete static_cast<Nanoseconds*>(event);
  }
  void block(void* event, const c10::Stream& stream) const override { Machine::get().hold(stream.id(), time(event)); }
  bool queryEvent(void* event) const override { return time(event) <= Machine::get().host(); }
  void synchronizeEvent(void* event) const override { Machine::get().wait(time(event)); }
  double elapsedTime(void* start, void* end, c10::DeviceIndex) const override {
    return static_cast<double>(time(end) - time(start)) / 1e6;  // in milliseconds
  }

 private:
  static Nanoseconds& time(void* event) { return *static_cast<Nanoseconds*>(event); }
  static c10::Stream next() {
    static std::atomic<c10::StreamId> last = 0;
    return stream_of(++last);
  }
};

// Counts each allocation in whole blocks, of 512 bytes as CUDA's allocator if not told otherwise; keeps nothing back.
class Memory final : public c10::DeviceAllocator {
 public:
  static Memory& get() {
    static auto* memory = new Memory;
    return *memory;
  }

  c10::DataPtr allocate(size_t bytes) override {
    std::lock_guard guard(lock_);
    const auto size = (bytes + block_ - 1) / block_ * block_;
    const auto held = static_cast<size_t>(stats_.allocated_bytes[0].current);
    if (limit_ > 0 && held + size > limit_) {
      ++stats_.num_ooms;
      TORCH_CHECK_WITH(OutOfMemoryError, false, "virtual device out of memory. Tried to allocate ", size, " bytes; ",
                       held, " of ", limit_, " are in use.");
    }
    if (size == 0) return {nullptr, place()};
    auto* block = new Block{c10::alloc_cpu(bytes), bytes, size};
    count(*block, [](auto& stat, size_t amount) { stat.increase(amount); });
    return {block->data, block, &release, place()};
  }

  void copy_data(void* to, const void* from, size_t bytes) const override { default_copy_data(to, from, bytes); }
  bool initialized() override { return true; }
  void emptyCache(c10::MempoolId_t) override {}
  void recordStream(const c10::DataPtr&, c10::Stream) override {}

  c10::CachingDeviceAllocator::DeviceStats getDeviceStats(c10::DeviceIndex) override {
    std::lock_guard guard(lock_);
    return stats_;
  }
  void resetAccumulatedStats(c10::DeviceIndex) override {
    std::lock_guard guard(lock_);
    for (auto* stat : all()) stat->reset_accumulated();
  }
  void resetPeakStats(c10::DeviceIndex) override {
    std::lock_guard guard(lock_);
    for (auto* stat : all()) stat->reset_peak();
  }
  std::pair<size_t, size_t> getMemoryInfo(c10::DeviceIndex) override {
    std::lock_guard guard(lock_);
    const auto total = limit_ > 0 ? limit_ : size_t{1} << 40;
    return {total - static_cast<size_t>(stats_.allocated_bytes[0].current), total};
  }
  void configure(size_t limit, size_t block) {
    std::lock_guard guard(lock_);
    limit_ = limit;
    block_ = block;
  }

 private:
  struct Block {
    void* data;
    size_t bytes, size;
  };

  static void release(void* pointer) {
    auto* block = static_cast<Block*>(pointer);
    auto& memory = get();
    {
      std::lock_guard guard(memory.lock_);
      memory.count(*block, [](auto& stat, size_t amount) { stat.decrease(amount); });
    }
    c10::free_cpu(block->data);
    delete block;
  }

  template <typename Change>
  void count(const Block& block, Change change) {
    change(stats_.allocation[0], 1);
    change(stats_.requested_bytes[0], block.bytes);
    for (auto* stat : {&stats_.allocated_bytes[0], &stats_.active_bytes[0], &stats_.reserved_bytes[0]})
      change(*stat, block.size);
  }
  std::array<c10::CachingAllocator::Stat*, 5> all() {
    return {&stats_.allocation[0], &stats_.requested_bytes[0], &stats_.allocated_bytes[0], &stats_.active_bytes[0],
            &stats_.reserved_bytes[0]};
  }

  std::mutex lock_;
  c10::CachingDeviceAllocator::DeviceStats stats_;
  size_t limit_ = 0, block_ = 512;
};

struct Hooks final : at::PrivateUse1HooksInterface {
  bool isBuilt() const override { return true; }
  bool isAvailable() const override { return true; }
  bool hasPrimaryContext(c10::DeviceIndex) const override { return true; }
  c10::DeviceIndex deviceCount() const override { return 1; }
  void setCurrentDevice(c10::DeviceIndex) const override {}
  c10::DeviceIndex getCurrentDevice() const override { return 0; }
  c10::DeviceIndex exchangeDevice(c10::DeviceIndex) const override { return 0; }
  c10::DeviceIndex maybeExchangeDevice(c10::DeviceIndex) const override { return 0; }
  void resizePrivateUse1Bytes(const c10::Storage& storage, size_t bytes) const override {
    at::native::resize_bytes_cpu(storage.unsafeGetStorageImpl(), bytes);
  }
};

}  // namespace virtual_device
