#include "crash/cache/disk_model.hpp"

#include <algorithm>

namespace zimg_crash {

std::shared_ptr<DiskModel::Inode> DiskModel::make_folder() {
  auto inode = std::make_shared<Inode>();
  inode->is_folder = true;
  return inode;
}

void DiskModel::apply(const LoggedCall& logged) {
  using Kind = SystemCall::Kind;
  const SystemCall& call = logged.call;
  switch (call.kind) {
    case Kind::kOpen:
      if (call.makes_file) change_name(call.path, std::make_shared<Inode>());
      break;
    case Kind::kMakeFolder:
      change_name(call.path, make_folder());
      break;
    case Kind::kWrite:
    case Kind::kResize:
      names_.at(call.path)->pending.push_back(
          {call.kind == Kind::kResize, call.is_durable && syncs_count_, call.offset, logged.octets});
      break;
    case Kind::kSync:
      sync(call.path);
      break;
    case Kind::kRename:
      change_name(call.new_path, names_.at(call.path));
      change_name(call.path, nullptr);
      break;
    case Kind::kRemove:
      change_name(call.path, nullptr);
      break;
    case Kind::kMap:
      break;
  }
}

void DiskModel::change_name(const std::string& name, const std::shared_ptr<Inode>& inode) {
  if (inode == nullptr) {
    names_.erase(name);
  } else {
    names_[name] = inode;
  }
  pending_names_.push_back({folder_of(name), name, inode});
}

void DiskModel::sync(const std::string& path) {
  if (!syncs_count_) return;
  Inode& inode = *names_.at(path);
  for (const Change& change : inode.pending) write(inode.synced, change);
  inode.pending.clear();
  if (!inode.is_folder) return;
  std::erase_if(pending_names_, [&](const NameChange& change) {
    if (change.folder != path) return false;
    if (change.inode == nullptr) {
      sure_names_.erase(change.name);
    } else {
      sure_names_[change.name] = change.inode;
    }
    return true;
  });
}

void DiskModel::write(std::vector<std::uint8_t>& octets, const Change& change) {
  if (change.is_resize) {
    octets.resize(change.offset);
    return;
  }
  const std::size_t end = change.offset + change.octets.size();
  if (octets.size() < end) octets.resize(end);
  std::copy(change.octets.begin(), change.octets.end(), octets.begin() + static_cast<std::ptrdiff_t>(change.offset));
}

DiskState DiskModel::state_after_power_loss(std::mt19937_64& random) const {
  Names names = sure_names_;
  const std::size_t done = random() % (pending_names_.size() + 1);
  for (std::size_t i = 0; i < done; ++i) {
    const NameChange& change = pending_names_[i];
    if (change.inode == nullptr) {
      names.erase(change.name);
    } else {
      names[change.name] = change.inode;
    }
  }
  DiskState state;
  for (const auto& [name, inode] : names) {
    if (name == root_) continue;
    state.files[name.substr(root_.size() + 1)] = {inode->is_folder, contents(*inode, random)};
  }
  return state;
}

// Some states are plain ones, for those are the likely ones: all that is pending is there, or none, or the first part.
std::vector<std::uint8_t> DiskModel::contents(const Inode& inode, std::mt19937_64& random) {
  std::vector<std::uint8_t> octets = inode.synced;
  const std::uint64_t mode = random() % 4;
  const std::size_t first_part = random() % (inode.pending.size() + 1);
  const std::uint64_t eighths = 1 + random() % 7;  // how likely a sector of a later version is
  for (std::size_t i = 0; i < inode.pending.size(); ++i) {
    const Change& change = inode.pending[i];
    if (change.is_sure || (mode == 0 && i < first_part)) {
      write(octets, change);
    } else if (mode == 0) {
      continue;
    } else if (change.is_resize || mode == 1) {  // whole changes
      if (random() % 8 < eighths) write(octets, change);
    } else {
      write_some_sectors(octets, change, eighths, random);
    }
  }
  return octets;
}

void DiskModel::write_some_sectors(std::vector<std::uint8_t>& octets, const Change& change, std::uint64_t eighths,
                                   std::mt19937_64& random) {
  const std::size_t end = change.offset + change.octets.size();
  for (std::size_t at = change.offset; at < end;) {
    const std::size_t next = std::min((at / kSector + 1) * kSector, end);
    if (random() % 8 < eighths) {
      const auto* from = change.octets.data() + (at - change.offset);
      write(octets, {false, false, at, {from, from + (next - at)}});
    }
    at = next;
  }
}

}  // namespace zimg_crash
