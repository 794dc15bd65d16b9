;; One neuron over a whole plane of points: the weighted sum of the planes it hears, and its tanh.
;;
;; kernels.js holds the assembled bytes and lays out the memory:
;;   0          the eleven numbers of tanh, f32, in the order in which they are used below
;;   64 …       for each synapse the address of its source's plane, i32, and its weight, f32
;;   planes     of f32, one number a point, a whole number of 64-byte blocks long
;;
;; Assemble:  npx --package wabt wat2wasm kernels.wat --output=kernels.wasm && base64 …
;; A test assembles it anew and compares the bytes.
(module
  (memory (import "" "memory") 1)
  (func (export "neuron")
    (param $first i32) (param $stop i32)   ;; entries of its synapses: from, up to
    (param $out i32) (param $size i32)     ;; address of its plane, and bytes up to where to go
    (param $tanh i32)                      ;; 0: the sum alone
    (param $at i32)                        ;; where to begin, in bytes from the plane's address
    (local $entry i32) (local $from i32) (local $end i32)
    (local $weight v128) (local $x v128) (local $s v128)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)

    (loop $block                           ;; of 16 points: four vectors of four
      (local.set $a (v128.const i32x4 0 0 0 0))
      (local.set $b (local.get $a))
      (local.set $c (local.get $a))
      (local.set $d (local.get $a))
      (local.set $entry (local.get $first))
      (loop $synapse
        (local.set $weight (v128.load32_splat offset=4 (local.get $entry)))
        (local.set $from (i32.add (i32.load (local.get $entry)) (local.get $at)))
        (local.set $a (f32x4.add (local.get $a)
          (f32x4.mul (local.get $weight) (v128.load (local.get $from)))))
        (local.set $b (f32x4.add (local.get $b)
          (f32x4.mul (local.get $weight) (v128.load offset=16 (local.get $from)))))
        (local.set $c (f32x4.add (local.get $c)
          (f32x4.mul (local.get $weight) (v128.load offset=32 (local.get $from)))))
        (local.set $d (f32x4.add (local.get $d)
          (f32x4.mul (local.get $weight) (v128.load offset=48 (local.get $from)))))
        (br_if $synapse (i32.lt_u
          (local.tee $entry (i32.add (local.get $entry) (i32.const 8)))
          (local.get $stop))))

      (local.set $from (i32.add (local.get $out) (local.get $at)))
      (v128.store (local.get $from) (local.get $a))
      (v128.store offset=16 (local.get $from) (local.get $b))
      (v128.store offset=32 (local.get $from) (local.get $c))
      (v128.store offset=48 (local.get $from) (local.get $d))

      ;; tanh of the four vectors: x clipped, then x times a polynomial of s = x² over another.
      (if (local.get $tanh) (then
        (local.set $end (i32.add (local.get $from) (i32.const 64)))
        (loop $vector
          (local.set $s (v128.load32_splat (i32.const 0)))
          (local.set $x (f32x4.pmax (f32x4.neg (local.get $s))
            (f32x4.pmin (local.get $s) (v128.load (local.get $from)))))
          (local.set $s (f32x4.mul (local.get $x) (local.get $x)))
          (v128.store (local.get $from)
            (f32x4.div
              (f32x4.mul (local.get $x)
                (f32x4.add (v128.load32_splat offset=20 (i32.const 0)) (f32x4.mul (local.get $s)
                (f32x4.add (v128.load32_splat offset=16 (i32.const 0)) (f32x4.mul (local.get $s)
                (f32x4.add (v128.load32_splat offset=12 (i32.const 0)) (f32x4.mul (local.get $s)
                (f32x4.add (v128.load32_splat offset=8 (i32.const 0)) (f32x4.mul (local.get $s)
                  (v128.load32_splat offset=4 (i32.const 0)))))))))))
              (f32x4.add (v128.load32_splat offset=40 (i32.const 0)) (f32x4.mul (local.get $s)
              (f32x4.add (v128.load32_splat offset=36 (i32.const 0)) (f32x4.mul (local.get $s)
              (f32x4.add (v128.load32_splat offset=32 (i32.const 0)) (f32x4.mul (local.get $s)
              (f32x4.add (v128.load32_splat offset=28 (i32.const 0)) (f32x4.mul (local.get $s)
                (v128.load32_splat offset=24 (i32.const 0))))))))))))
          (br_if $vector (i32.lt_u
            (local.tee $from (i32.add (local.get $from) (i32.const 16)))
            (local.get $end))))))

      (br_if $block (i32.lt_u
        (local.tee $at (i32.add (local.get $at) (i32.const 64)))
        (local.get $size))))))
