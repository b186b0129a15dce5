#include "enxerto/weights/hdf5_reader/walk.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "enxerto/weights/hdf5_reader/answer_text.h"
#include "enxerto/weights/hdf5_reader/attributes.h"

namespace enxerto {
namespace {

constexpr std::size_t kMostObjects = 200'000;
constexpr std::array<std::string_view, 2> kNotEntered = {"optimizer_weights", "optimizer"};

std::string shown(const std::string& path) { return path.empty() ? "its root group" : "'" + path + "'"; }

struct Link {
  std::string name;
  H5L_type_t type;
};

std::vector<Link> links_of(hid_t group, const std::string& path) {
  std::vector<Link> links;
  hsize_t at = 0;
  const herr_t done = H5Literate(
      group, H5_INDEX_NAME, H5_ITER_INC, &at,
      [](hid_t, const char* name, const H5L_info_t* info, void* to) noexcept -> herr_t {
        auto& list = *static_cast<std::vector<Link>*>(to);
        list.push_back({.name = name, .type = info->type});
        return list.size() > kMostObjects ? -1 : 0;
      },
      &links);
  if (done < 0) throw Refusal{.found = "cannot be read: the members of " + shown(path)};
  std::ranges::sort(links, {}, &Link::name);
  return links;
}

void require_hard(const Link& link, const std::string& path) {
  const bool odd_name = link.name.empty() || link.name == "." || link.name.find('/') != std::string::npos;
  if (odd_name) throw Refusal{.found = "has a member with the name '" + link.name + "' at '" + path + "'"};
  if (link.type == H5L_TYPE_HARD) return;
  const std::string kind = link.type == H5L_TYPE_SOFT       ? "a soft link"
                           : link.type == H5L_TYPE_EXTERNAL ? "an external link, to another file,"
                                                            : "a user-defined link";
  throw Refusal{.found = "has " + kind + " at '" + path + "'",
                .expected = "groups and data sets, as Keras writes them",
                .tip = "copy what it points to into the file, or save the model again with Keras"};
}

class Walk {
 public:
  explicit Walk(const IndexLimits& limits) : limits_(limits) {}

  FileIndex take() && { return std::move(index_); }

  void group(hid_t group, const std::string& path, std::uint32_t depth) {
    enter(group, path, depth);
    add_attributes(read_attributes(group, path));
    const std::vector<Link> links = links_of(group, path);
    add_number(index_.text, static_cast<std::uint32_t>(links.size()));
    for (const Link& link : links) {
      const std::string child = path.empty() ? link.name : path + "/" + link.name;
      require_hard(link, child);
      const Handle object(H5Oopen(group, link.name.c_str(), H5P_DEFAULT), "'" + child + "'");
      member(object.get(), link.name, child, depth);
      if (index_.text.size() > kAnswerIndexLimit) throw Refusal{.found = "has more groups and names than any network"};
    }
  }

 private:
  void enter(hid_t group, const std::string& path, std::uint32_t depth) {
    H5O_info_t info{};
    if (H5Oget_info(group, &info) < 0) throw Refusal{.found = "cannot be read: " + shown(path)};
    if (!seen_.insert(info.addr).second) {
      throw Refusal{.found = "has the group '" + path + "' under two names",
                    .expected = "each group once, as Keras writes them"};
    }
    if (depth >= kAnswerDepthLimit) throw Refusal{.found = "has endlessly nested groups, at '" + path + "'"};
  }

  void add_attributes(const TextAttributes& attributes) {
    add_number(index_.text, static_cast<std::uint32_t>(attributes.size()));
    for (const auto& [name, texts] : attributes) {
      add_text(index_.text, name);
      add_number(index_.text, static_cast<std::uint32_t>(texts.size()));
      for (const std::string& text : texts) add_text(index_.text, text);
    }
  }

  void begin(ItemKind kind, const std::string& name) {
    add_number(index_.text, static_cast<std::uint8_t>(kind));
    add_text(index_.text, name);
  }

  void member(hid_t object, const std::string& name, const std::string& path, std::uint32_t depth) {
    if (++objects_ > kMostObjects) throw Refusal{.found = "has more groups and data sets than any network"};
    const H5I_type_t type = H5Iget_type(object);
    if (type == H5I_GROUP) {
      begin(ItemKind::group, name);
      if (depth > 0 || std::ranges::find(kNotEntered, name) == kNotEntered.end()) return group(object, path, depth + 1);
      add_number(index_.text, std::uint32_t{0});
      add_number(index_.text, std::uint32_t{0});
      return;
    }
    const auto set = type == H5I_DATASET ? describe_data_set(object, path, limits_.file_bytes) : std::nullopt;
    begin(set ? ItemKind::tensor : ItemKind::other, name);
    if (set) data_set(object, *set, path);
  }

  void data_set(hid_t object, DataSet set, const std::string& path) {
    if (set.place == TensorPlace::answer) pack(object, set, path);
    add_number(index_.text, static_cast<std::uint8_t>(set.element.dtype));
    add_number(index_.text, static_cast<std::uint8_t>(set.shape.size()));
    for (const std::uint64_t size : set.shape) add_number(index_.text, size);
    add_number(index_.text, static_cast<std::uint8_t>(set.place));
    add_number(index_.text, set.offset);
  }

  void pack(hid_t object, DataSet& set, const std::string& path) {
    if (set.bytes > limits_.data_bytes - std::min(limits_.data_bytes, index_.data_bytes + kAnswerAlignment)) {
      throw Refusal{
          .found = "would unpack to more than " + std::to_string(limits_.data_bytes) + " bytes, at '" + path + "'",
          .expected = "packed values of at most that size for a file of this size",
          .tip = "unpack it with `h5repack -f NONE`"};
    }
    set.offset = index_.data_bytes;
    index_.data_bytes += (set.bytes + kAnswerAlignment - 1) / kAnswerAlignment * kAnswerAlignment;
    H5Iinc_ref(object);
    index_.packed.push_back({.handle = Handle(object, path), .set = set});
  }

  IndexLimits limits_;
  FileIndex index_;
  std::set<haddr_t> seen_;
  std::size_t objects_ = 0;
};

}  // namespace

FileIndex index_file(hid_t file, const IndexLimits& limits) {
  const Handle root(H5Gopen2(file, "/", H5P_DEFAULT), "the root group");
  Walk walk(limits);
  walk.group(root.get(), "", 0);
  return std::move(walk).take();
}

}  // namespace enxerto
