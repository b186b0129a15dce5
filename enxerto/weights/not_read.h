#pragma once
#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

namespace enxerto {

/// The first `length` bytes as characters; fewer where there are no more.
std::string_view beginning(std::span<const std::byte> bytes, std::size_t length);

/// Throws Error{weights} for a file that is in no supported format: says what it is, where that can be
/// recognised by its content or by TensorFlow's way of naming checkpoints, and what to do instead.
[[noreturn]] void refuse_unread(std::span<const std::byte> bytes, std::string_view where);

/// Throws Error{weights} for a folder that is a TensorFlow SavedModel; returns for anything else.
void refuse_saved_model(const std::filesystem::path& path);

}  // namespace enxerto
