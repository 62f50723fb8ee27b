// The virtual device: PyTorch's PrivateUse1 with a known truth. See machine.h, runtime.h and kernels.h.
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include "kernels.h"

namespace virtual_device {

C10_REGISTER_GUARD_IMPL(PrivateUse1, Guard);

TORCH_LIBRARY_IMPL(_, PrivateUse1, library) {
  library.fallback(torch::CppFunction::makeFromBoxedFunction<&run>());
}

TORCH_LIBRARY_IMPL(aten, PrivateUse1, library) {
  library.impl("empty.memory_format", TORCH_FN(empty));
  library.impl("empty_strided", TORCH_FN(empty_strided));
  library.impl("resize_", TORCH_FN(at::native::resize_));
  library.impl("set_.source_Tensor", TORCH_FN(at::native::set_tensor_));
  library.impl("set_.source_Storage", static_cast<Tensor& (*)(Tensor&, at::Storage)>(&at::native::set_));
  library.impl("set_.source_Storage_storage_offset", TORCH_FN(at::native::set_storage_cpu_));
  library.impl("_copy_from", TORCH_FN(copy_from));
  library.impl("_copy_from_and_resize", TORCH_FN(copy_from_and_resize));
  library.impl("_local_scalar_dense", TORCH_FN(item));
  library.impl("convolution_overrideable", torch::CppFunction::makeFromBoxedFunction<&convolution>());
  library.impl("convolution_backward_overrideable", torch::CppFunction::makeFromBoxedFunction<&convolution_backward>());
}

}  // namespace virtual_device

PYBIND11_MODULE(TORCH_EXTENSION_NAME, module) {
  using namespace virtual_device;
  using Table = std::map<std::string, Nanoseconds>;
  c10::SetAllocator(kind, &Memory::get());
  at::RegisterPrivateUse1HooksInterface(new Hooks);
  static torch::Library library(torch::Library::IMPL, "aten", c10::DispatchKey::PrivateUse1, __FILE__, __LINE__);
  register_all(library);
  module.def("configure", [](Nanoseconds host, Nanoseconds device, Table host_of, Table device_of, Table per_element,
                             size_t queue, size_t memory, size_t block) {
    Machine::get().configure({host, device, std::move(host_of), std::move(device_of), std::move(per_element), queue});
    Memory::get().configure(memory, block);
  });
  module.def("reset", [] { Machine::get().reset(); });
  module.def("host", [] { return Machine::get().host(); });
  module.def("busy", [] { return Machine::get().busy(); });
  module.def("work", [](Nanoseconds time) { Machine::get().work(time); });
  module.def("occupy", [](Nanoseconds time) { Machine::get().occupy(time, current_stream); });
  module.def("launches", [] { return Machine::get().launches(); });
}
