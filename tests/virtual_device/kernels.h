// Every operator is the CPU's, run at once on the device's own memory, and booked in the machine's queue.
//
// PyTorch's own `cpu_fallback` copies its arguments there and back, which loses what an operator writes without
// saying so (the running statistics of a batch norm). Here the CPU sees the same bytes through an alias.
#pragma once

#include <ATen/EmptyTensor.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/ops/_local_scalar_dense.h>
#include <ATen/ops/copy.h>
#include <ATen/ops/resize_native.h>
#include <ATen/ops/set_native.h>
#include <torch/library.h>

#include "runtime.h"

namespace virtual_device {

using at::Tensor;

inline void synchronize() {
  Machine::get().wait(Machine::get().busy(current_stream));
}

inline Tensor shaped(Tensor tensor, const Tensor& like) {
  tensor.unsafeGetTensorImpl()->set_sizes_and_strides(like.sizes(), like.strides(), like.storage_offset());
  return tensor;
}

inline Tensor empty(c10::IntArrayRef size, std::optional<at::ScalarType> dtype, std::optional<at::Layout>,
                    std::optional<at::Device>, std::optional<bool>, std::optional<at::MemoryFormat> format) {
  return at::detail::empty_generic(size, &Memory::get(), c10::DispatchKeySet(c10::DispatchKey::PrivateUse1),
                                   c10::dtype_or_default(dtype), format);
}

inline Tensor empty_strided(c10::IntArrayRef size, c10::IntArrayRef stride, std::optional<at::ScalarType> dtype,
                            std::optional<at::Layout>, std::optional<at::Device>, std::optional<bool>) {
  return at::detail::empty_strided_generic(size, stride, &Memory::get(),
                                           c10::DispatchKeySet(c10::DispatchKey::PrivateUse1),
                                           c10::dtype_or_default(dtype));
}

// The tensors of one call, on both sides.
class Aliases {
 public:
  Tensor host(const Tensor& tensor) {
    if (!tensor.defined() || !tensor.is_privateuseone()) return tensor;
    c10::Storage storage(c10::Storage::use_byte_size_t{}, tensor.storage().nbytes(),
                         c10::DataPtr(tensor.storage().mutable_data(), c10::Device(c10::kCPU)), c10::GetCPUAllocator(),
                         true);
    for (const auto& [there, here] : pairs_) {
      if (there.is_same(tensor)) return here;
      if (there.is_alias_of(tensor)) storage = here.storage();
    }
    auto alias = shaped(at::detail::make_tensor<c10::TensorImpl>(
                            std::move(storage), c10::DispatchKeySet(c10::DispatchKey::CPU), tensor.dtype()),
                        tensor);
    if (tensor.unsafeGetTensorImpl()->is_wrapped_number()) alias.unsafeGetTensorImpl()->set_wrapped_number(true);
    pairs_.emplace_back(tensor, alias);
    return alias;
  }

  Tensor device(const Tensor& tensor) const {
    if (!tensor.defined()) return tensor;
    for (const auto& [there, here] : pairs_)
      if (here.is_same(tensor)) return there;
    for (const auto& [there, here] : pairs_)
      if (here.is_alias_of(tensor))
        return shaped(at::detail::make_tensor<c10::TensorImpl>(c10::TensorImpl::VIEW, c10::Storage(there.storage()),
                                                               there.key_set(), tensor.dtype()),
                      tensor);
    const bool dense = tensor.is_non_overlapping_and_dense();
    const auto type = tensor.scalar_type();
    auto made = dense ? empty_strided(tensor.sizes(), tensor.strides(), type, {}, {}, {})
                      : empty(tensor.sizes(), type, {}, {}, {}, {});
    Aliases().host(made).copy_(tensor);
    return made;
  }

  // An operator may give a tensor that it writes to another shape.
  void settle() const {
    for (const auto& [there, here] : pairs_) {
      const bool moved = here.storage().data() != there.storage().data();
      if (!moved && here.sizes() == there.sizes()) continue;
      at::native::resize_(there, here.sizes());
      there.unsafeGetTensorImpl()->set_sizes_and_strides(here.sizes(), here.strides());
      if (moved) Aliases().host(there).copy_(here);
    }
  }

 private:
  std::vector<std::pair<Tensor, Tensor>> pairs_;
};

// "add" for add.out and add_.Tensor alike.
inline std::string name_of(const c10::OperatorHandle& op) {
  auto name = op.schema().name().substr(op.schema().name().find("::") + 2);
  if (op.schema().is_mutable() && name.size() > 1 && name.back() == '_') name.pop_back();
  return name;
}

template <typename Map>
void map_tensors(c10::IValue& value, Map map) {
  if (value.isTensor()) {
    value = map(value.toTensor());
  } else if (value.isTensorList()) {
    c10::List<Tensor> mapped;
    for (const Tensor& tensor : value.toTensorVector()) mapped.push_back(map(tensor));
    value = mapped;
  } else if (value.isOptionalTensorList()) {
    c10::List<std::optional<Tensor>> mapped;
    for (const std::optional<Tensor>& tensor : value.toOptionalTensorVector())
      mapped.push_back(tensor ? std::optional<Tensor>(map(*tensor)) : std::nullopt);
    value = mapped;
  } else if (value.isDevice() && value.toDevice().is_privateuseone()) {
    value = c10::Device(c10::kCPU);
  }
}

inline bool is_view(const c10::OperatorHandle& op) {
  const auto& returns = op.schema().returns();
  return !returns.empty() && returns[0].alias_info() && !returns[0].alias_info()->isWrite();
}

inline void run(const c10::OperatorHandle& op, torch::jit::Stack* stack) {
  Aliases aliases;
  for (auto& value : torch::jit::last(*stack, op.schema().arguments().size()))
    map_tensors(const_cast<c10::IValue&>(value), [&](const Tensor& tensor) { return aliases.host(tensor); });
  op.redispatchBoxed(c10::DispatchKeySet(c10::DispatchKey::CPU), stack);
  aliases.settle();
  int64_t elements = 0;
  bool read = false;
  for (auto& value : torch::jit::last(*stack, op.schema().returns().size())) {
    read = read || !(value.isTensor() || value.isTensorList() || value.isNone());
    map_tensors(const_cast<c10::IValue&>(value), [&](const Tensor& tensor) {
      if (tensor.defined()) elements += tensor.numel();
      return aliases.device(tensor);
    });
  }
  if (!is_view(op)) Machine::get().launch(name_of(op), elements, current_stream);
  if (read) synchronize();  // the host has the answer only when the device is done
}

inline c10::OperatorHandle find(const char* name) {
  return c10::Dispatcher::singleton().findSchemaOrThrow(name, "");
}

inline void convolution(const c10::OperatorHandle&, torch::jit::Stack* stack) {
  run(find("aten::convolution"), stack);
}

inline void convolution_backward(const c10::OperatorHandle&, torch::jit::Stack* stack) {
  // (grad, input, weight, stride, …, output_mask): `convolution_backward` also wants the bias' shape, the fourth
  const auto arguments = torch::jit::last(*stack, 10);
  c10::IValue bias;
  if (arguments[9].toBoolList()[2]) bias = std::vector<int64_t>{arguments[0].toTensor().size(1)};
  stack->insert(stack->end() - 7, bias);
  run(find("aten::convolution_backward"), stack);
}

// Where the CPU has a kernel, so has an accelerator: PyTorch would otherwise put several operators in its place.
inline void register_all(torch::Library& library) {
  auto& dispatcher = c10::Dispatcher::singleton();
  for (const auto& name : dispatcher.getAllOpNames()) {
    const auto op = dispatcher.findSchema(name);
    if (name.getNamespace() != "aten" || !op || !op->hasKernelForDispatchKey(c10::DispatchKey::CPU) ||
        op->hasKernelForDispatchKey(c10::DispatchKey::PrivateUse1))
      continue;
    library.impl(c10::toString(name).c_str(), torch::CppFunction::makeFromBoxedFunction<&run>());
  }
}

inline Tensor copy_from(const Tensor& from, const Tensor& to, bool non_blocking) {
  Aliases aliases;
  aliases.host(to).copy_(aliases.host(from));
  Machine::get().launch("copy", to.numel(), current_stream);
  if (from.device() != to.device() && !non_blocking) synchronize();
  return to;
}

inline Tensor copy_from_and_resize(const Tensor& from, const Tensor& to) {
  to.resize_(from.sizes());
  return copy_from(from, to, false);
}

inline at::Scalar item(const Tensor& tensor) {
  Machine::get().launch("item", 1, current_stream);
  synchronize();
  return at::_local_scalar_dense(Aliases().host(tensor));
}

}  // namespace virtual_device
