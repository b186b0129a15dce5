#include "enxerto/weights/hdf5_reader/confine.h"

#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <array>
#include <cerrno>
#include <csignal>

namespace enxerto {
namespace {

bool limit(__rlimit_resource_t resource, std::uint64_t value) {
  const rlimit both{.rlim_cur = static_cast<rlim_t>(value), .rlim_max = static_cast<rlim_t>(value)};
  return setrlimit(resource, &both) == 0;
}

bool allow(scmp_filter_ctx filter, int call) { return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) == 0; }

/// Allows `call` while the bits of `mask` in its argument number `argument` are `value`.
bool allow_where(scmp_filter_ctx filter, int call, const scmp_arg_cmp& condition) {
  return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1, &condition) == 0;
}

constexpr std::array kAllowed = {SCMP_SYS(brk),          SCMP_SYS(munmap),          SCMP_SYS(mremap),
                                 SCMP_SYS(madvise),      SCMP_SYS(futex),           SCMP_SYS(clock_gettime),
                                 SCMP_SYS(getrandom),    SCMP_SYS(gettimeofday),    SCMP_SYS(time),
                                 SCMP_SYS(rt_sigreturn), SCMP_SYS(restart_syscall), SCMP_SYS(exit),
                                 SCMP_SYS(exit_group)};

/// The library asks whether the file is on the disk too before it takes it from memory: nothing is, as seen from here.
bool hide_files(scmp_filter_ctx filter) {
  return seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOENT), SCMP_SYS(open), 0) == 0 &&
         seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOENT), SCMP_SYS(openat), 0) == 0;
}

bool add_rules(scmp_filter_ctx filter) {
  for (const int call : kAllowed) {
    if (!allow(filter, call)) return false;
  }
  constexpr scmp_arg_cmp kNotExecutable{.arg = 2, .op = SCMP_CMP_MASKED_EQ, .datum_a = PROT_EXEC, .datum_b = 0};
  constexpr scmp_arg_cmp kStandardOutput{.arg = 0, .op = SCMP_CMP_EQ, .datum_a = 1, .datum_b = 0};
  return hide_files(filter) && allow_where(filter, SCMP_SYS(mmap), kNotExecutable) &&
         allow_where(filter, SCMP_SYS(mprotect), kNotExecutable) &&
         allow_where(filter, SCMP_SYS(write), kStandardOutput);
}

}  // namespace

bool limit_resources(const HelperLimits& limits) {
  // Without a parent nobody reads the answer.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  return limit(RLIMIT_AS, limits.address_space) && limit(RLIMIT_CPU, limits.cpu_seconds) && limit(RLIMIT_CORE, 0) &&
         limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_NOFILE, 0);
}

bool filter_system_calls() {
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
  if (filter == nullptr) return false;
  const bool loaded = add_rules(filter) && seccomp_load(filter) == 0;
  seccomp_release(filter);
  return loaded;
}

}  // namespace enxerto
