#include "enxerto/weights/hdf5_reader/attributes.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <string_view>

#include "enxerto/weights/hdf5/answer_format.h"
#include "enxerto/weights/hdf5_reader/handle.h"

namespace enxerto {
namespace {

constexpr std::array<std::string_view, 5> kTexts = {"name", "dtype", "keras_version", "backend", "model_config"};
constexpr std::array<std::string_view, 2> kLists = {"layer_names", "weight_names"};
constexpr std::size_t kMostAttributes = 10'000, kMostTexts = 1'000'000;

bool is_wanted(std::string_view name) {
  if (std::ranges::find(kTexts, name) != kTexts.end()) return true;
  for (const std::string_view list : kLists) {
    if (!name.starts_with(list)) continue;
    const std::string_view part = name.substr(list.size());
    return std::ranges::all_of(part, [](unsigned char letter) { return std::isdigit(letter) != 0; });
  }
  return false;
}

std::vector<std::string> attribute_names(hid_t object, const std::string& path) {
  std::vector<std::string> names;
  hsize_t at = 0;
  const herr_t done = H5Aiterate2(
      object, H5_INDEX_NAME, H5_ITER_INC, &at,
      [](hid_t, const char* name, const H5A_info_t*, void* to) noexcept -> herr_t {
        auto& list = *static_cast<std::vector<std::string>*>(to);
        list.emplace_back(name);
        return list.size() > kMostAttributes ? -1 : 0;
      },
      &names);
  if (done < 0) throw Refusal{.found = "cannot be read: the attributes of '" + path + "'"};
  return names;
}

std::vector<std::string> fixed_texts(hid_t attribute, hid_t type, std::size_t count) {
  const std::size_t length = H5Tget_size(type);
  if (length == 0 || count > kAnswerIndexLimit / length)
    throw Refusal{.found = "has an attribute of impossible length"};
  std::string all(length * count, '\0');
  if (H5Aread(attribute, type, all.data()) < 0) throw Refusal{.found = "cannot be read: an attribute"};
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < count; ++i) {
    const char* const text = all.data() + i * length;
    texts.emplace_back(text, strnlen(text, length));
  }
  return texts;
}

std::vector<std::string> variable_texts(hid_t attribute, hid_t type, hid_t space, std::size_t count) {
  std::vector<char*> pointers(count, nullptr);
  if (H5Aread(attribute, type, static_cast<void*>(pointers.data())) < 0)
    throw Refusal{.found = "cannot be read: an attribute"};
  std::vector<std::string> texts;
  for (const char* const text : pointers) texts.emplace_back(text == nullptr ? "" : text);
  H5Dvlen_reclaim(type, space, H5P_DEFAULT, static_cast<void*>(pointers.data()));
  return texts;
}

/// An empty list has whatever type NumPy gave it; anything else that is not text is skipped.
bool read_texts(hid_t attribute, std::vector<std::string>& texts) {
  const Handle space(H5Aget_space(attribute), "an attribute"), type(H5Aget_type(attribute), "an attribute");
  const hssize_t count = H5Sget_simple_extent_npoints(space.get());
  if (count < 0 || static_cast<std::uint64_t>(count) > kMostTexts)
    throw Refusal{.found = "has an attribute of " + std::to_string(count) + " parts"};
  if (count == 0) return true;
  if (H5Tget_class(type.get()) != H5T_STRING) return false;
  const auto parts = static_cast<std::size_t>(count);
  texts = H5Tis_variable_str(type.get()) > 0 ? variable_texts(attribute, type.get(), space.get(), parts)
                                             : fixed_texts(attribute, type.get(), parts);
  return true;
}

}  // namespace

TextAttributes read_attributes(hid_t object, const std::string& path) {
  TextAttributes attributes;
  for (std::string& name : attribute_names(object, path)) {
    if (!is_wanted(name)) continue;
    const Handle attribute(H5Aopen(object, name.c_str(), H5P_DEFAULT), "an attribute of '" + path + "'");
    std::vector<std::string> texts;
    if (read_texts(attribute.get(), texts)) attributes.emplace_back(std::move(name), std::move(texts));
  }
  return attributes;
}

}  // namespace enxerto
