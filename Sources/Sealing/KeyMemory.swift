// Where keys are while they are held: memory between guard pages that is not swapped and is in no core dump, as far as the system
// lets it be locked. In: wishes for 32 bytes. Out: a place, wiped when it is given back.

private import CSodium
import Synchronization

/// Places of one key each.
///
/// `@unchecked Sendable` and `@safe`: the list of free places is behind a lock, and each place has one holder at a time.
@safe final class KeyMemory: @unchecked Sendable {
    /// For all keys of the process.
    static let shared = KeyMemory(places: 2_048)

    /// Whether the system keeps it out of the swap space: not where `RLIMIT_MEMLOCK` is too small.
    let isLocked: Bool
    private let start: UnsafeMutablePointer<UInt8>?
    private let count: Int
    private let free: Mutex<[Int]>

    init(places: Int) {
        Sodium.ready()
        count = places
        let size = places * SealingKey.length
        // It locks what it gives, and does not say whether it could: locking once more does.
        let memory = unsafe sodium_malloc(size)
        isLocked = unsafe memory.map { unsafe sodium_mlock($0, size) == 0 } ?? false
        unsafe start = memory?.bindMemory(to: UInt8.self, capacity: size)
        free = unsafe Mutex(start == nil ? [] : Array((0..<places).reversed()))
    }

    deinit { unsafe sodium_free(start) }

    /// 32 bytes of zeros; in ordinary memory where more keys are held than there are places.
    func take() -> UnsafeMutablePointer<UInt8> {
        let memory: UnsafeMutablePointer<UInt8>
        if let place = free.withLock({ $0.popLast() }), let start = unsafe start {
            unsafe memory = start + place * SealingKey.length
        } else {
            unsafe memory = .allocate(capacity: SealingKey.length)
        }
        unsafe memory.initialize(repeating: 0, count: SealingKey.length)
        return unsafe memory
    }

    /// Wipes a place and takes it back.
    func giveBack(_ memory: UnsafeMutablePointer<UInt8>) {
        unsafe sodium_memzero(memory, SealingKey.length)
        guard let start = unsafe start, unsafe (start..<start + count * SealingKey.length).contains(memory) else {
            return unsafe memory.deallocate()
        }
        let place = unsafe (memory - start) / SealingKey.length
        free.withLock { $0.append(place) }
    }
}
