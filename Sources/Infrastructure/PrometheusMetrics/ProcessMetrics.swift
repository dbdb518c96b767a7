internal import Glibc

/// What Prometheus' client libraries tell of their process (prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics).
public enum ProcessMetrics {
    public static let descriptions: [MetricDescription] = [
        .counter("process_cpu_seconds_total", "User and system CPU time spent.", unit: "seconds"),
        .gauge("process_max_fds", "Maximum number of open file descriptors."),
        .gauge("process_open_fds", "Number of open file descriptors."),
        .gauge("process_resident_memory_bytes", "Resident memory size.", unit: "bytes"),
        .gauge("process_start_time_seconds", "Start time of the process since the Unix epoch.", unit: "seconds"),
        .gauge("process_threads", "Number of threads."),
        .gauge("process_virtual_memory_bytes", "Virtual memory size.", unit: "bytes"),
    ]

    /// Adds them to a registry.
    public static func observe(in registry: PrometheusRegistry) {
        let pageSize = Double(sysconf(CInt(_SC_PAGESIZE)))
        let start = startTime()
        registry.observe("process_cpu_seconds_total") { cpuTime() }
        registry.observe("process_max_fds") { fileLimit() }
        registry.observe("process_open_fds") { openFiles() }
        registry.observe("process_resident_memory_bytes") { statistics("/proc/self/statm", field: 1).map { $0 * pageSize } }
        registry.observe("process_start_time_seconds") { start }
        registry.observe("process_threads") { statistics("/proc/self/stat", field: 17) }
        registry.observe("process_virtual_memory_bytes") { statistics("/proc/self/statm", field: 0).map { $0 * pageSize } }
    }

    private static func cpuTime() -> Double? {
        var time = timespec()
        guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return nil }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func fileLimit() -> Double? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(7), &limit) == 0 else { return nil }
        return limit.rlim_cur == .max ? .infinity : Double(limit.rlim_cur)
    }

    /// Without the descriptor that the folder is read with.
    private static func openFiles() -> Double? {
        guard let folder = opendir("/proc/self/fd") else { return nil }
        defer { closedir(folder) }
        var count = -3.0
        while readdir(folder) != nil { count += 1 }
        return count
    }

    /// Boot time and the ticks since then at which the process began (proc(5)).
    private static func startTime() -> Double? {
        let boot = text("/proc/stat")?.split(separator: "\n").first { $0.hasPrefix("btime ") }?.dropFirst(6)
        guard let boot = boot.flatMap({ Double($0) }), let ticks = statistics("/proc/self/stat", field: 19) else { return nil }
        return boot + ticks / Double(sysconf(CInt(_SC_CLK_TCK)))
    }

    /// A field, from 0 on; of `stat`, of those behind the name, which may hold blanks.
    private static func statistics(_ path: String, field: Int) -> Double? {
        guard let text = text(path) else { return nil }
        let fields = (text.lastIndex(of: ")").map { text[text.index(after: $0)...] } ?? text[...]).split(separator: " ")
        return field < fields.count ? Double(fields[field]) : nil
    }

    private static func text(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 8192)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            guard count > 0 else { return count == 0 ? String(decoding: bytes, as: UTF8.self) : nil }
            bytes += chunk[..<count]
        }
    }
}
