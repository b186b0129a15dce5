#include "enxerto/data/file_list.h"

#include "enxerto/base/error.h"
#include "enxerto/data/landmarks.h"
#include "enxerto/files/read.h"
#include "enxerto/media/line_ends.h"

namespace enxerto {
namespace {

/// Larger than any picture within kMaxPixels that a decoder takes.
constexpr std::size_t kMaxFileBytes = std::size_t{1} << 30;

class FileExample final : public Example {
 public:
  FileExample(std::string path, std::string id, Medium medium, std::shared_ptr<LandmarkFiles> landmarks)
      : path_(std::move(path)), id_(std::move(id)), medium_(medium), landmarks_(std::move(landmarks)) {}

  std::string id() const override { return id_; }
  Field field(std::size_t /*input*/) const override {
    const Tensor file = read_file(path_, kMaxFileBytes, ErrorKind::data);
    const std::string_view bytes(reinterpret_cast<const char*>(file.data()), file.byte_size());
    const auto size = static_cast<std::int64_t>(size_without_line_ends(medium_, bytes));
    const Tensor known = marks();
    return {.medium = medium_, .bytes = file.rows(0, size), .raw = {}, .marks = known};
  }
  /// Another file says something of it too, where there are marks.
  std::optional<FileIdentity> file(std::size_t /*input*/) const override {
    return marks().size() > 0 ? std::nullopt : identity_of(path_);
  }

 private:
  Tensor marks() const { return medium_ == Medium::image ? landmarks_->of(path_) : Tensor(); }

  std::string path_, id_;
  Medium medium_;
  std::shared_ptr<LandmarkFiles> landmarks_;
};

class FileDataset final : public Dataset {
 public:
  FileDataset(FileList files, TargetSpec target)
      : files_(std::move(files)), info_{.inputs = {files_.medium()}, .target = std::move(target)} {}

  std::size_t size() const override { return files_.size(); }
  std::unique_ptr<Example> get(std::size_t i) const override { return files_.example(i); }
  const DatasetInfo& info() const override { return info_; }
  Tensor target(std::size_t i) const override {
    const std::int64_t label = files_.label(i);
    return label < 0 ? Tensor() : Tensor::scalar(label);
  }

 private:
  FileList files_;
  DatasetInfo info_;
};

std::string joined_path(const std::string& folder, std::string_view name) {
  if (folder.empty()) return std::string(name);
  std::string path = folder;
  if (path.back() != '/') path += '/';
  return path.append(name);
}

}  // namespace

std::string path_below(const std::string& root, const std::filesystem::path& path) {
  const std::filesystem::path below = path.lexically_relative(root);
  return (below.empty() || *below.begin() == ".." ? path : below).string();
}

std::string absolute_path_below(const std::string& root, const std::filesystem::path& path) {
  return path_below(std::filesystem::absolute(root).lexically_normal().string(),
                    std::filesystem::absolute(path).lexically_normal());
}

FileList::FileList(std::string root, Medium medium)
    : root_(std::move(root)), medium_(medium), landmarks_(std::make_shared<LandmarkFiles>()) {}

std::uint32_t FileList::add_folder(std::string path) {
  if (folders_.empty() || folders_.back() != path) folders_.push_back(std::move(path));
  return static_cast<std::uint32_t>(folders_.size() - 1);
}

void FileList::add(std::uint32_t folder, std::string_view name, std::int64_t label) {
  entries_.push_back({names_.size(), folder, static_cast<std::int32_t>(label)});
  names_.append(name);
}

std::string_view FileList::name(std::size_t i) const {
  const std::size_t end = i + 1 < entries_.size() ? entries_[i + 1].name : names_.size();
  return std::string_view(names_).substr(entries_[i].name, end - entries_[i].name);
}

std::string FileList::id(std::size_t i) const { return joined_path(folders_[entries_[i].folder], name(i)); }

std::string FileList::path(std::size_t i) const {
  std::string id = this->id(i);
  return id.starts_with('/') ? id : joined_path(root_, id);
}

std::unique_ptr<Example> FileList::example(std::size_t i) const {
  return std::make_unique<FileExample>(path(i), id(i), medium_, landmarks_);
}

void FileList::relabel(const std::vector<std::int64_t>& labels) {
  for (Entry& entry : entries_)
    entry.label = static_cast<std::int32_t>(labels.at(static_cast<std::size_t>(entry.label)));
}

void FileList::set_labels(const std::vector<std::uint32_t>& labels) {
  for (std::size_t i = 0; i < entries_.size(); ++i) entries_[i].label = static_cast<std::int32_t>(labels.at(i));
}

void FileList::shrink() {
  names_.shrink_to_fit();
  entries_.shrink_to_fit();
}

DatasetPtr file_dataset(FileList files, TargetSpec target) {
  files.shrink();
  return std::make_shared<FileDataset>(std::move(files), std::move(target));
}

}  // namespace enxerto
