#pragma once
#include <filesystem>
#include <string>

#include "enxerto/pretrained/spec.h"

namespace enxerto {

struct FileDigests {
  std::string sha256;  ///< 64 digits
  std::string md5;     ///< 32 digits; "" where it was not wanted
};

/// The digests of a weight file. They are remembered (enxerto/digests.json in the user's cache, for files of 4 MB and
/// more) by path, size, modification time and inode, so that a file is not read as a whole each time that it is loaded:
/// a memory that cannot be read or written is done without. Throws Error{weights} where the file cannot be read.
FileDigests file_digests(const std::filesystem::path& file, bool wants_md5);

/// Remembers what a download has found on the way.
void remember_digests(const std::filesystem::path& file, const FileDigests& digests);

/// Whether only an MD5 is published for it.
bool is_known_by_md5(const PretrainedSpec& spec);

/// Whether its publisher states any digest: Keras gives none for some of its networks.
bool has_digest(const PretrainedSpec& spec);

/// Whether a file with these digests is the published one; false where no digest is stated.
bool is_published(const PretrainedSpec& spec, const FileDigests& digests);

/// "its SHA-256 is ..": the digest that `spec` is known by.
std::string digest_text(const PretrainedSpec& spec, const FileDigests& digests);

}  // namespace enxerto
