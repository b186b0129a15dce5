#include "enxerto/weights/pytorch/storage.h"

#include <fmt/format.h>

#include "enxerto/weights/pytorch/torch_names.h"
#include "enxerto/weights/weight_error.h"

namespace enxerto {
namespace {

[[noreturn]] void fail_storage(std::string_view where, std::string found) {
  throw_weights_error(where, {.found = std::move(found),
                              .expected = "storages of float, int or bool elements as torch.save writes them"});
}

bool is_count(const PickleValue& value) { return value.is(PickleKind::integer) && value.integer >= 0; }

// The sixth member of a legacy reference is None or (key of the view, first element, number of elements).
void apply_view(StorageReference& reference, const PickleValue& view, std::string_view where) {
  if (view.is(PickleKind::none)) return;
  if (view.elements.size() != 3 || !is_count(*view.elements[1]) || !is_count(*view.elements[2])) {
    fail_storage(where, "has a damaged view of a storage");
  }
  reference.view_begin = static_cast<std::uint64_t>(view.elements[1]->integer);
  reference.view_count = static_cast<std::uint64_t>(view.elements[2]->integer);
  if (reference.view_begin > reference.count || reference.view_count > reference.count - reference.view_begin) {
    fail_storage(where, "has a view that reaches past its storage");
  }
}

}  // namespace

std::optional<StorageReference> storage_reference(const PickleValue& value, std::string_view where) {
  if (!value.is(PickleKind::persistent)) return std::nullopt;
  const auto& id = value.argument->elements;
  if (id.empty() || !id[0]->is(PickleKind::text) || id[0]->text != "storage") return std::nullopt;
  if (id.size() < 5 || !id[2]->is(PickleKind::text) || !is_count(*id[4])) {
    fail_storage(where, "has a damaged reference to a storage");
  }
  const TorchName type = torch_name(*id[1]);
  const bool foreign = type.role == TorchRole::foreign_storage;
  if (type.role != TorchRole::storage && type.role != TorchRole::untyped_storage && !foreign) {
    fail_storage(where, fmt::format("has a storage of the type {}", shown(id[1]->text)));
  }
  StorageReference reference{.key = id[2]->text,
                             .dtype = std::nullopt,
                             .foreign = foreign ? id[1]->text : std::string_view(),
                             .width = foreign ? type.width : std::uint64_t{1},
                             .count = static_cast<std::uint64_t>(id[4]->integer),
                             .view_begin = 0,
                             .view_count = static_cast<std::uint64_t>(id[4]->integer)};
  if (type.role == TorchRole::storage) {
    reference.dtype = type.dtype;
    reference.width = size_of(type.dtype);
  }
  if (id.size() > 5) apply_view(reference, *id[5], where);
  return reference;
}

}  // namespace enxerto
