// What the virtual device is: two clocks, queues of work, and a table of what each operator costs. No torch in here.
//
// The host's clock moves when the host enqueues something (by the operator's host cost) and when it waits. A queue
// is busy until its last operator ends; an operator begins when it is enqueued and all before it have ended.
// All times are whole nanoseconds, so that every sum is exact.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

namespace virtual_device {

using Nanoseconds = int64_t;

struct Costs {
  Nanoseconds host = 0;
  Nanoseconds device = 0;
  std::map<std::string, Nanoseconds> host_of, device_of, per_element;
  size_t queue = 0;  // as many operators may wait before the host has to; 0 is any number
};

// operator, queue, enqueued, started, ended
using Launch = std::tuple<std::string, int64_t, Nanoseconds, Nanoseconds, Nanoseconds>;

class Machine {
 public:
  static Machine& get() {
    static auto* machine = new Machine;  // outlives whatever is freed at exit
    return *machine;
  }

  void configure(Costs costs) {
    std::lock_guard guard(lock_);
    costs_ = std::move(costs);
  }

  void reset() {
    std::lock_guard guard(lock_);
    host_ = 0;
    busy_.clear();
    waiting_.clear();
    launches_.clear();
  }

  void launch(const std::string& name, int64_t elements, int64_t queue) {
    std::lock_guard guard(lock_);
    const auto each = costs_.per_element.find(name);
    enqueue(name, of(costs_.device_of, name, costs_.device) + (each == costs_.per_element.end() ? 0 : each->second * elements),
            queue);
  }

  void occupy(Nanoseconds time, int64_t queue) {
    std::lock_guard guard(lock_);
    enqueue("sleep", time, queue);
  }

  // A mark behind all that is queued: reached when that has ended, and at once in an idle queue.
  Nanoseconds record(int64_t queue) {
    std::lock_guard guard(lock_);
    host_ += of(costs_.host_of, "record", 0);
    return std::max(host_, busy_[queue]);
  }

  void hold(int64_t queue, Nanoseconds until) {
    std::lock_guard guard(lock_);
    busy_[queue] = std::max(busy_[queue], until);
  }

  void wait(Nanoseconds until) {
    std::lock_guard guard(lock_);
    host_ = std::max(host_, until);
  }

  void work(Nanoseconds time) {
    std::lock_guard guard(lock_);
    host_ += time;
  }

  Nanoseconds host() {
    std::lock_guard guard(lock_);
    return host_;
  }

  Nanoseconds busy(int64_t queue) {
    std::lock_guard guard(lock_);
    return busy_[queue];
  }

  Nanoseconds busy() {
    std::lock_guard guard(lock_);
    Nanoseconds last = 0;
    for (const auto& [queue, until] : busy_) last = std::max(last, until);
    return last;
  }

  std::vector<Launch> launches() {
    std::lock_guard guard(lock_);
    return launches_;
  }

 private:
  static Nanoseconds of(const std::map<std::string, Nanoseconds>& costs, const std::string& name, Nanoseconds otherwise) {
    const auto found = costs.find(name);
    return found == costs.end() ? otherwise : found->second;
  }

  void enqueue(const std::string& name, Nanoseconds time, int64_t queue) {
    host_ += of(costs_.host_of, name, costs_.host);
    if (costs_.queue > 0 && waiting_.size() >= costs_.queue) {
      host_ = std::max(host_, waiting_.front());
      waiting_.pop_front();
    }
    const auto start = std::max(host_, busy_[queue]);
    busy_[queue] = start + time;
    waiting_.push_back(busy_[queue]);
    if (costs_.queue == 0) waiting_.clear();
    launches_.emplace_back(name, queue, host_, start, busy_[queue]);
  }

  std::mutex lock_;
  Costs costs_;
  Nanoseconds host_ = 0;
  std::map<int64_t, Nanoseconds> busy_;
  std::deque<Nanoseconds> waiting_;
  std::vector<Launch> launches_;
};

}  // namespace virtual_device
